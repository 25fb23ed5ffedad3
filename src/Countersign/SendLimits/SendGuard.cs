using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Countersign.Factors;
using Countersign.Outbox;
using Countersign.PhoneNumbers;
using Countersign.Requests;
using Countersign.Users;

namespace Countersign.SendLimits;

/// <summary>Guards against toll fraud and floods: which numbers are sent to at all, and how much. What is refused is told without a reason (contract 3.3).</summary>
public sealed class SendGuard(SendLimitSettings settings, ConversionWatch conversion)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1), Hour = TimeSpan.FromHours(1);
    private readonly HashSet<string> _countries = new(settings.Countries, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _deniedCountries = new(settings.DeniedCountries, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _deniedTypes = new(settings.DeniedTypes, StringComparer.Ordinal);

    /// <summary>Why a number may not be enrolled; null when it may.</summary>
    public Refusal? Refuses(PhoneNumber number)
    {
        if (_deniedTypes.Contains(number.Type)) return Refusal.InvalidPhoneNumber;
        if (AcceptsCountry(number.Country)) return null;
        // The contract's error of a country names two of them, and is true only then.
        return _countries.SetEquals(["US", "CA"]) ? Refusal.CountryNotAccepted : Refusal.InvalidPhoneNumber;
    }

    /// <summary>Why nothing is sent to a number that was enrolled, by the rules as they are now, and until when; null when it is.</summary>
    public (Refusal Refusal, DateTimeOffset? Until)? RefusesNow(Channel channel, string recipient, string? country, DateTimeOffset now)
    {
        if (channel is not (Channel.Sms or Channel.Call)) return null;
        if (!AcceptsCountry(country!)) return (Refusal.TelephonyUnavailable, null);
        return conversion.PausedUntil(RangeOf(recipient), now) is { } until ? (RefusalOf(channel, SendLimitKind.Prefix), until) : null;
    }

    /// <summary>The limits of a send; those that are switched off are left out.</summary>
    public IReadOnlyList<SendLimit> Limits(Channel channel, string recipient, UserId user, RequestContext by)
    {
        var spacing = channel switch
        {
            Channel.Sms => settings.SmsSpacing,
            Channel.Call => settings.CallSpacing,
            _ => settings.EmailSpacing,
        };
        var limits = new List<SendLimit>(5);
        if (spacing > TimeSpan.Zero || settings.PerRecipientPerDay > 0)
            limits.Add(new(SendLimitKind.Recipient, $"{channel.Name}/{recipient.ToLowerInvariant()}", spacing, settings.PerRecipientPerDay, Day));
        Add(SendLimitKind.User, $"user/{channel.Name}/{user.Value}", settings.PerUserPerDay, Day);
        if (by.IpAddress is { } address) Add(SendLimitKind.Address, $"address/{Network(address)}", settings.PerAddressPerHour, Hour);
        if (channel is Channel.Sms or Channel.Call)
        {
            if (settings.PerPrefixPerHour > 0) Add(SendLimitKind.Prefix, $"range/{channel.Name}/{RangeOf(recipient)}", settings.PerPrefixPerHour, Hour);
            Add(SendLimitKind.Organization, $"organization/{channel.Name}", settings.PerDay, Day);
        }
        return limits;

        void Add(SendLimitKind kind, string key, int most, TimeSpan window)
        {
            if (most > 0) limits.Add(new SendLimit(kind, key, TimeSpan.Zero, most, window));
        }
    }

    /// <summary>The error of a limit that was reached.</summary>
    public static Refusal RefusalOf(Channel channel, SendLimitKind kind) => (channel, kind) switch
    {
        (Channel.Sms, SendLimitKind.Spacing) => Refusal.SmsTooSoon,
        (Channel.Call, SendLimitKind.Spacing) => Refusal.CallTooSoon,
        (_, SendLimitKind.Spacing) => Refusal.EmailTooSoon,
        (Channel.Sms, SendLimitKind.Organization) => Refusal.OrganizationSmsLimit,
        (Channel.Call, SendLimitKind.Organization) => Refusal.OrganizationCallLimit,
        (Channel.Sms, _) => Refusal.SmsLimit,
        (Channel.Call, _) => Refusal.CallLimit,
        _ => Refusal.TooManyTries,
    };

    /// <summary>The range of numbers that a number is in.</summary>
    public string RangeOf(string number) => PhoneNumber.RangeOf(number, settings.PrefixDigits);

    private bool AcceptsCountry(string country) => !_deniedCountries.Contains(country) && (_countries.Count == 0 || _countries.Contains(country));

    /// <summary>Somebody with one IPv6 address has at least 2^64 of them.</summary>
    private static string Network(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6) return address;
        return string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(parsed.GetAddressBytes().AsSpan(0, 8))}/64");
    }
}
