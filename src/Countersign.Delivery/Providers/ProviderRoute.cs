using System.Collections.Frozen;
using Countersign.Outbox;

namespace Countersign.Delivery.Providers;

/// <summary>A provider, what it is asked for, and how it did lately. Thread-safe.</summary>
public sealed class ProviderRoute
{
    private const int FailuresToAvoid = 3;
    private static readonly TimeSpan Avoided = TimeSpan.FromSeconds(30);

    private readonly FrozenSet<Channel> _channels;
    private readonly FrozenSet<string> _countries, _exceptCountries;
    private int _failuresInARow;
    private long _avoidUntil;

    /// <summary>Makes the route of a provider.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="settings">What it is asked for.</param>
    /// <param name="able">The channels that its type can serve.</param>
    public ProviderRoute(IDeliveryProvider provider, ProviderSettings settings, params IReadOnlyList<Channel> able)
    {
        Provider = provider;
        Settings = settings;
        _channels = settings.Channels.Length == 0 ? able.ToFrozenSet() : settings.Channels.Select(Outbox.Channels.Parse).Intersect(able).ToFrozenSet();
        _countries = settings.Countries.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _exceptCountries = settings.ExceptCountries.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The provider.</summary>
    public IDeliveryProvider Provider { get; }

    /// <summary>What it is asked for.</summary>
    public ProviderSettings Settings { get; }

    /// <summary>The channels that it serves.</summary>
    public IReadOnlySet<Channel> Channels => _channels;

    /// <summary>Whether it makes a difference between countries.</summary>
    public bool AsksForCountry => _countries.Count + _exceptCountries.Count > 0;

    /// <summary>Whether it serves a channel and a country; null: no country, for mail.</summary>
    public bool Serves(Channel channel, string? country)
        => _channels.Contains(channel) && (country is null || (!_exceptCountries.Contains(country) && (_countries.Count == 0 || _countries.Contains(country))));

    /// <summary>Whether others come first for a while, because it failed several times in a row.</summary>
    public bool IsAvoided(DateTimeOffset now) => Volatile.Read(ref _failuresInARow) >= FailuresToAvoid && now.ToUnixTimeMilliseconds() < Volatile.Read(ref _avoidUntil);

    /// <summary>Notes how a try went.</summary>
    public void Note(bool failed, DateTimeOffset now)
    {
        if (!failed) Volatile.Write(ref _failuresInARow, 0);
        else if (Interlocked.Increment(ref _failuresInARow) >= FailuresToAvoid) Volatile.Write(ref _avoidUntil, (now + Avoided).ToUnixTimeMilliseconds());
    }
}

/// <summary>All configured providers.</summary>
public sealed class ProviderRoutes(IReadOnlyList<ProviderRoute> routes) : IAsyncDisposable
{
    /// <summary>All of them, in their order.</summary>
    public IReadOnlyList<ProviderRoute> All { get; } = [.. routes.OrderBy(route => route.Settings.Order).ThenBy(route => route.Provider.Name, StringComparer.Ordinal)];

    /// <summary>The channels that somebody serves.</summary>
    public IReadOnlySet<Channel> Channels => All.SelectMany(route => route.Channels).ToHashSet();

    /// <summary>Whether any of them makes a difference between countries.</summary>
    public bool AskForCountry { get; } = routes.Any(route => route.AsksForCountry);

    /// <summary>Who is to be tried for a message, one after the other: by order, those that failed lately last.</summary>
    public IEnumerable<ProviderRoute> For(Channel channel, string? country, DateTimeOffset now)
        => All.Where(route => route.Serves(channel, country)).OrderBy(route => route.IsAvoided(now));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var route in All)
        {
            if (route.Provider is IAsyncDisposable closing) await closing.DisposeAsync();
            else (route.Provider as IDisposable)?.Dispose();
        }
    }
}
