using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Countersign.Integrations.Http;

/// <summary>Reads the address of a request (workflow contract 8.2). Pure.</summary>
internal static class RequestUri
{
    private const int Longest = 32 * 1024;
    private static readonly SearchValues<char> Unsafe = SearchValues.Create("\"<>^`{|}\\%");
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Reads an address. Its path and query are sent as they are written but for what an address may not contain; its host is in ASCII.</summary>
    /// <param name="text">The text, its expressions evaluated.</param>
    /// <param name="encode">Whether characters that an address may not contain are percent-encoded; escapes are left alone. Without it they are a fault.</param>
    /// <param name="uri">The address.</param>
    /// <param name="fault">What is wrong, as what follows the field's name.</param>
    public static bool TryRead(string text, bool encode, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? fault)
    {
        (uri, fault) = (null, null);
        text = text.Trim(' ');
        if (text.Length == 0) fault = "is missing";
        else if (text.Length > Longest) fault = $"has more than {Longest} characters";
        else if (text.Any(character => char.IsControl(character))) fault = "contains a control character";
        if (fault is not null) return false;

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon > 0 ? text[..colon].ToLowerInvariant() : "";
        if (scheme is not ("http" or "https") || !text.AsSpan(colon + 1).StartsWith("//"))
        {
            fault = scheme.Length > 0 && scheme is not ("http" or "https") && scheme.All(char.IsAsciiLetterOrDigit)
                ? $"has the scheme '{scheme}', which is neither http nor https" : "must be an absolute address that begins with http:// or https://";
            return false;
        }
        var begin = colon + 3;
        var length = text.AsSpan(begin).IndexOfAny('/', '?', '#');
        var end = length < 0 ? text.Length : begin + length;
        if (!ReadHost(scheme, text[begin..end], out var host, out fault)) return false;
        var rest = text[end..];
        var fragment = rest.IndexOf('#', StringComparison.Ordinal);
        if (fragment >= 0) rest = rest[..fragment];
        if (rest.Length == 0 || rest[0] != '/') rest = "/" + rest;
        if (encode) rest = Encode(rest);
        else if (rest.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
        {
            fault = "contains a character that an address cannot have; with encode it is percent-encoded";
            return false;
        }
        if (Uri.TryCreate($"{scheme}://{host}{rest}", AsWritten, out uri)) return true;
        fault = "is no address";
        return false;
    }

    /// <summary>The address without path and query, for messages.</summary>
    public static string Place(Uri uri) => string.Create(CultureInfo.InvariantCulture, $"{uri.IdnHost}:{uri.Port}");

    /// <summary>Whether two addresses have the same scheme, host and port.</summary>
    public static bool HaveSameOrigin(Uri one, Uri other) => one.Scheme == other.Scheme && one.Port == other.Port && one.IdnHost.Equals(other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static bool ReadHost(string scheme, string authority, out string host, [NotNullWhen(false)] out string? fault)
    {
        (host, fault) = ("", null);
        if (authority.Contains('@', StringComparison.Ordinal)) fault = "contains user info (user:password@host), which is not sent: use a header or authentication";
        else if (authority.Length == 0 || authority[0] == ':') fault = "has no host";
        else if (authority.Any(character => character < 0x80 && !char.IsAsciiLetterOrDigit(character) && character is not ('.' or '-' or '_' or ':' or '[' or ']'))) fault = "has a host with a character that no host has";
        else if (authority.EnumerateRunes().Any(static rune => !rune.IsAscii && StandsForAnother(rune))) fault = "has a host with characters that stand for others";
        else if (!Uri.TryCreate($"{scheme}://{authority}/", UriKind.Absolute, out var at) || at.IdnHost.Length == 0 || at.Port is < 1 or > 65_535 || at.UserInfo.Length > 0 || at.PathAndQuery != "/")
            fault = "has a host or port that is none";
        else if (!IsHost(at.IdnHost)) fault = "has a host that is none";
        else
        {
            // Numbers in odd notation are written out, so that what is shown, sent and judged is one and the same.
            var name = at.IdnHost.TrimEnd('.');
            var plain = IPAddress.TryParse(name, out var address) && address.AddressFamily == AddressFamily.InterNetwork ? address.ToString() : at.HostNameType == UriHostNameType.IPv6 ? $"[{name.Trim('[', ']')}]" : name;
            host = at.IsDefaultPort ? plain : string.Create(CultureInfo.InvariantCulture, $"{plain}:{at.Port}");
        }
        return fault is null;
    }

    // Letters of other alphabets make hosts; circled, wide, mathematical or old forms of letters, digits and dots only make look-alikes.
    private static bool StandsForAnother(Rune rune)
        => !(Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber)
            || rune.Value is 0x17f or 0x212a or >= 0xff00 and <= 0xffef or >= 0x1d400 and <= 0x1d7ff || Rune.ToUpperInvariant(rune).IsAscii || Rune.ToLowerInvariant(rune).IsAscii;

    // What other alphabets are turned into must be a host too, and not bring slashes or dots of its own.
    private static bool IsHost(string host)
        => IPAddress.TryParse(host.Trim('[', ']'), out _)
            || (host.Length <= 254 && host.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_') && !host.Contains("..", StringComparison.Ordinal) && host[0] != '.');

    private static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length + 32);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character is > ' ' and <= '~' && !Unsafe.Contains(character)) encoded.Append(character);
            else if (character == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2])) encoded.Append('%');
            else
            {
                Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var consumed);
                foreach (var one in utf8[..rune.EncodeToUtf8(utf8)]) encoded.Append('%').Append(one.ToString("X2", CultureInfo.InvariantCulture));
                i += consumed - 1;
            }
        }
        return encoded.ToString();
    }
}
