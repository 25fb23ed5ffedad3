using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Countersign.Settings;
using Countersign.Telemetry;
using NSec.Cryptography;

namespace Countersign.Hashing;

/// <summary>How secrets that people choose are hashed. Section <c>Countersign:Hashing</c>.</summary>
public sealed class HashingLimits
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:Hashing";

    /// <summary>Memory of one hash in KiB. Default 19,456 (19 MiB); 8,192 to 1,048,576.</summary>
    [Setting(8_192, 1_048_576)]
    public int MemoryKibibytes { get; set; } = 19_456;
    /// <summary>Passes over the memory. Default 2; 1 to 10.</summary>
    [Setting(1, 10)]
    public int Passes { get; set; } = 2;
    /// <summary>Hashes that run at once; their memory together is bounded by this. Default 2; 1 to 64.</summary>
    [Setting(1, 64)]
    public int Concurrency { get; set; } = 2;
    /// <summary>Hashes that may wait for their turn; further ones are refused at once. Default 64; 0 to 10,000.</summary>
    [Setting(0, 10_000)]
    public int Waiting { get; set; } = 64;
}

/// <summary>
/// Hashes passwords and answers with Argon2id (RFC 9106), never more than a fixed number at once, because each takes much memory. What is stored is
/// <c>argon2id$m=…,t=…$salt$hash</c>, so that the cost can change without losing old hashes.
/// </summary>
public sealed class MemoryHardHash(HashingLimits limits) : IDisposable
{
    private const int SaltLength = 16, HashLength = 32;
    private static readonly Meter Meter = new(TelemetryNames.Countersign);
    private static readonly Histogram<double> Waits = Meter.CreateHistogram<double>("countersign.hash.wait", "s", "Time that a memory-hard hash waited for its turn.");
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("countersign.hash.refusals", "{hash}", "Memory-hard hashes that were refused because too many waited.");
    private readonly SemaphoreSlim _running = new(limits.Concurrency);
    private int _waiting;

    /// <summary>Hashes a new secret with a new salt. Null when too many wait already: try again shortly.</summary>
    public async ValueTask<string?> HashAsync(string secret, CancellationToken cancellationToken)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return await RunAsync(secret, salt, limits.MemoryKibibytes, limits.Passes, cancellationToken) is { } hash
            ? $"argon2id$m={limits.MemoryKibibytes},t={limits.Passes}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}"
            : null;
    }

    /// <summary>
    /// Whether <paramref name="secret"/> is the one that <paramref name="stored"/> was made of. With nothing stored the answer is no, and costs the same.
    /// Null when too many wait already.
    /// </summary>
    public async ValueTask<bool?> VerifyAsync(string secret, string? stored, CancellationToken cancellationToken)
    {
        var known = TryParse(stored, out var parsed);
        if (!known) parsed = (limits.MemoryKibibytes, limits.Passes, new byte[SaltLength], new byte[HashLength]);
        return await RunAsync(secret, parsed.Salt, parsed.Memory, parsed.Passes, cancellationToken) is { } hash
            ? CryptographicOperations.FixedTimeEquals(hash, parsed.Hash) && known
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _running.Dispose();

    private async ValueTask<byte[]?> RunAsync(string secret, byte[] salt, int memory, int passes, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > limits.Waiting + limits.Concurrency)
        {
            Interlocked.Decrement(ref _waiting);
            Refusals.Add(1);
            return null;
        }
        try
        {
            var waitsSince = Stopwatch.GetTimestamp();
            await _running.WaitAsync(cancellationToken);
            Waits.Record(Stopwatch.GetElapsedTime(waitsSince).TotalSeconds);
            try
            {
                return await Task.Run(() => Compute(secret, salt, memory, passes), CancellationToken.None);
            }
            finally
            {
                _running.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private static byte[] Compute(string secret, byte[] salt, int memory, int passes)
    {
        var argon2 = PasswordBasedKeyDerivationAlgorithm.Argon2id(new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = memory, NumberOfPasses = passes });
        return argon2.DeriveBytes(Encoding.UTF8.GetBytes(secret.Normalize(NormalizationForm.FormC)), salt, HashLength);
    }

    private static bool TryParse([NotNullWhen(true)] string? stored, out (int Memory, int Passes, byte[] Salt, byte[] Hash) parsed)
    {
        parsed = default;
        if (stored is null) return false;
        var parts = stored.Split('$');
        var cost = parts.Length == 4 && parts[0] == "argon2id" ? parts[1].Split(',') : [];
        if (cost.Length != 2 || !int.TryParse(cost[0].AsSpan(2), out var memory) || !int.TryParse(cost[1].AsSpan(2), out var passes)) return false;
        parsed = (memory, passes, Convert.FromBase64String(parts[2]), Convert.FromBase64String(parts[3]));
        return true;
    }
}
