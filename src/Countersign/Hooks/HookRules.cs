using System.Net;
using System.Text;
using Countersign.Sealing;

namespace Countersign.Hooks;

/// <summary>What a hook may be (contract 15). Pure.</summary>
public static class HookRules
{
    /// <summary>Hooks of each kind that an organisation may have.</summary>
    public const int MostHooks = 50;
    /// <summary>The version of channels, and of the types of inline hooks.</summary>
    public const string Version = "1.0.0";

    private const int LongestName = 255, LongestDescription = 1_000, LongestUri = 1_024, MostHeaders = 20, LongestHeaderName = 100, LongestHeaderValue = 1_000, MostEvents = 100;

    /// <summary>The first thing that is wrong with an inline hook: the field and why; null when nothing is.</summary>
    public static (string Field, string Cause)? Check(InlineHook hook)
    {
        if (Text("name", hook.Name, LongestName) is { } name) return name;
        if (hook.Type.Length == 0) return Blank("type");
        if (!InlineHook.Types.Contains(hook.Type)) return ("type", "The field has an invalid value");
        if (hook.Version.Length == 0) return Blank("version");
        if (hook.Version != Version) return ("version", $"version: must be {Version}");
        if (CheckChannel(hook) is { } channel) return channel;
        return hook.Type == InlineHook.Telephony && hook.AuthHeader is null ? ("authScheme", "authScheme: is required of a telephony hook") : null;
    }

    /// <summary>The first thing that is wrong with an event hook: the field and why; null when nothing is.</summary>
    public static (string Field, string Cause)? Check(EventHook hook)
    {
        if (Text("name", hook.Name, LongestName) is { } name) return name;
        if (hook.Description is { Length: > 0 } && Text("description", hook.Description, LongestDescription) is { } description) return description;
        if (hook.Events.IsEmpty) return Blank("events.items");
        if (hook.Events.Length > MostEvents) return ("events.items", $"events.items: at most {MostEvents} event types");
        foreach (var type in hook.Events)
            if (!EventHook.CanBeTold(type)) return ("events.items", "events.items: must be event types that hooks can be told of");
        return CheckChannel(hook);
    }

    /// <summary>The first thing that is wrong with the value of the header that authenticates; null when nothing is.</summary>
    public static (string Field, string Cause)? CheckAuthValue(string value)
        => value.Length == 0 ? Blank("authScheme.value")
            : value.Length > SealedSecret.MaxLength ? ("authScheme.value", "authScheme.value: The field is too long")
            : new HookHeader("Authorization", value).IsSendable ? null : ("authScheme.value", "authScheme.value: must be visible ASCII, with spaces inside alone");

    private static (string, string)? CheckChannel(Hook hook)
    {
        if (CheckUri(hook.Uri) is { } uri) return uri;
        if (hook.Method != "POST") return ("method", "method: must be POST");
        if (hook.Headers.Length > MostHeaders) return ("headers", $"headers: at most {MostHeaders} headers");
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in hook.Headers)
        {
            if (header.Key.Length > LongestHeaderName || header.Value.Length > LongestHeaderValue) return ("headers", "headers: The field is too long");
            if (!header.IsSendable) return ("headers", "headers: a name must be a token (RFC 9110) and none of the transport's own; a value must be visible ASCII");
            if (!names.Add(header.Key)) return ("headers", "headers: a name may be given once");
        }
        if (hook.AuthHeader is not { } key) return null;
        if (key.Length == 0) return Blank("authScheme.key");
        if (key.Length > LongestHeaderName || !new HookHeader(key, "value").IsSendable) return ("authScheme.key", "authScheme.key: must be a token (RFC 9110) and none of the transport's own headers");
        if (names.Contains(key)) return ("headers", "headers: the header of authScheme must not be among them");
        return hook.AuthValue is null ? Blank("authScheme.value") : null;
    }

    private static (string, string)? CheckUri(string text)
    {
        if (text.Length == 0) return Blank("uri");
        if (text.Length > LongestUri) return ("uri", "uri: The field is too long");
        if (text.Any(character => character is <= ' ' or > '~') || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && IsThisHost(uri))) || uri.Host.Length == 0)
            return ("uri", "uri: must be an absolute https address");
        // What stands before the host, or after '#', would not be sent, and might be meant as a secret.
        return uri.UserInfo.Length > 0 || uri.Fragment.Length > 0 ? ("uri", "uri: must have no user and no fragment") : null;
    }

    private static bool IsThisHost(Uri uri) => uri.Host == "localhost" || (IPAddress.TryParse(uri.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));

    private static (string, string)? Text(string field, string text, int longest)
        => string.IsNullOrWhiteSpace(text) ? Blank(field)
            : text.Length > longest ? (field, $"{field}: The field is too long")
            : text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar || Rune.IsControl(rune)) ? (field, $"{field}: Does not match required pattern") : null;

    private static (string, string) Blank(string field) => (field, $"{field}: The field cannot be left blank");
}
