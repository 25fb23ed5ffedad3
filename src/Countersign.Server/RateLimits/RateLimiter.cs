using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Countersign.Server.RateLimits;

/// <summary>Counts requests in windows of one minute, per group and per token in a group (contract 4.1).</summary>
internal sealed class RateLimiter(IOptions<RateLimitOptions> options)
{
    private const int MostBuckets = 100_000;
    private readonly ConcurrentDictionary<(string Group, string? Token), Bucket> _buckets = [];

    /// <summary>Counts one request. Of each bucket and window, one request comes back as the one to warn of, and one as the first that was too many.</summary>
    public Taken Take(string group, string? tokenId, DateTimeOffset now)
    {
        var minute = now.ToUnixTimeSeconds() / 60;
        var whole = BucketOf((group, null), 100).Take(minute);
        if (tokenId is null || options.Value.TokenPercent == 100 || !whole.IsAllowed) return whole;
        return BucketOf((group, tokenId), options.Value.TokenPercent).Take(minute);
    }

    private Bucket BucketOf((string Group, string? Token) key, int percent)
    {
        if (_buckets.TryGetValue(key, out var bucket)) return bucket;
        if (_buckets.Count >= MostBuckets) _buckets.Clear();
        var size = options.Value.PerMinute.GetValueOrDefault(key.Group, options.Value.DefaultPerMinute);
        return _buckets.GetOrAdd(key, new Bucket(Math.Max(1, (int)((long)size * percent / 100)), options.Value.WarnPercent));
    }

    private sealed class Bucket(int limit, int warnPercent)
    {
        private readonly int _warnAt = Math.Max(1, (int)((long)limit * warnPercent / 100));
        private readonly string _limitText = limit.ToString(CultureInfo.InvariantCulture);
        private Window _window = new(0);

        public Taken Take(long minute)
        {
            var window = Volatile.Read(ref _window);
            if (window.Minute != minute)
            {
                var fresh = new Window(minute);
                var seen = Interlocked.CompareExchange(ref _window, fresh, window);
                window = seen == window ? fresh : seen;
            }
            var used = Interlocked.Increment(ref window.Used);
            return new Taken(used <= limit, _limitText, Math.Max(0, limit - used), window.ResetAt, window.ResetText,
                used == limit + 1 ? LimitNotice.Violation : used == _warnAt ? LimitNotice.Warning : LimitNotice.None);
        }
    }

    private sealed class Window(long minute)
    {
        public readonly long Minute = minute;
        public readonly DateTimeOffset ResetAt = DateTimeOffset.FromUnixTimeSeconds((minute + 1) * 60);
        public readonly string ResetText = ((minute + 1) * 60).ToString(CultureInfo.InvariantCulture);
        public int Used;
    }
}

/// <summary>The state of the bucket after a request was counted.</summary>
internal readonly record struct Taken(bool IsAllowed, string LimitText, int Remaining, DateTimeOffset ResetAt, string ResetText, LimitNotice Notice);

/// <summary>What is to be logged of a bucket (contract 16.3).</summary>
internal enum LimitNotice
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>It is nearly used up.</summary>
    Warning,
    /// <summary>It is used up.</summary>
    Violation,
}
