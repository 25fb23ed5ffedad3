using System.Globalization;
using System.Net;
using Countersign.Integrations.Http;
using Countersign.Settings;

namespace Countersign.Server.Settings;

/// <summary>Reads the text of one setting as the type of its property.</summary>
internal static class SettingValue
{
    /// <summary>The value, or null and what is allowed instead.</summary>
    public static object? Parse(string text, Type type, SettingAttribute rule, out string allowed)
    {
        allowed = "";
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return Text(text, rule, out allowed);
        if (type == typeof(long)) return Number(text, rule, out allowed);
        if (type == typeof(int)) return Number(text, rule, out allowed) is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;
        if (type == typeof(TimeSpan)) return Duration(text, rule, out allowed);
        if (type == typeof(bool)) return Boolean(text, out allowed);
        if (type == typeof(Uri)) return Url(text, out allowed);
        if (type == typeof(IPNetwork)) return Network(text, out allowed);
        throw new NotSupportedException($"no setting is read as {type}");
    }

    private static string? Text(string text, SettingAttribute rule, out string allowed)
    {
        allowed = rule.Allowed.Length > 0
            ? $"allowed are {string.Join(", ", rule.Allowed.Select(value => $"'{value}'"))}"
            : $"allowed are {rule.Least} to {rule.Most} characters";
        return rule.Allowed.Length > 0 ? rule.Allowed.FirstOrDefault(value => value == text) : IsWithin(text.Length, rule) ? text : null;
    }

    private static long? Number(string text, SettingAttribute rule, out string allowed)
    {
        allowed = $"allowed are whole numbers from {rule.Least.ToString("#,0", CultureInfo.InvariantCulture)} to {rule.Most.ToString("#,0", CultureInfo.InvariantCulture)}";
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && IsWithin(number, rule) ? number : null;
    }

    private static TimeSpan? Duration(string text, SettingAttribute rule, out string allowed)
    {
        allowed = $"allowed are durations from {TimeSpan.FromSeconds(rule.Least)} to {TimeSpan.FromSeconds(rule.Most)}, written days.hours:minutes:seconds";
        // A bare number would be read as days, which is never what was meant.
        return text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) && IsWithin(duration.TotalSeconds, rule) ? duration : null;
    }

    private static bool? Boolean(string text, out string allowed)
    {
        allowed = "allowed are 'true' and 'false'";
        return bool.TryParse(text, out var value) ? value : null;
    }

    private static Uri? Url(string text, out string allowed)
    {
        allowed = "allowed is an absolute http or https address without user, query and fragment, for example https://mfa.example.com";
        return WebAddress.TryRead(text, out var url)
            && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0 && text.IndexOfAny(['?', '#']) < 0 ? url : null;
    }

    private static IPNetwork? Network(string text, out string allowed)
    {
        allowed = "allowed is an address (10.0.0.7, fd00::7) or a network (10.0.0.0/8, fd00::/8)";
        if (IPAddress.TryParse(text, out var address)) return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return IPNetwork.TryParse(text, out var network) ? network : null;
    }

    private static bool IsWithin(double number, SettingAttribute rule) => number >= rule.Least && number <= rule.Most;
}
