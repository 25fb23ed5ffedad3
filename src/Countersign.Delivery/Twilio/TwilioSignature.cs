using System.Security.Cryptography;
using System.Text;

namespace Countersign.Delivery.Twilio;

/// <summary>
/// The signature of Twilio's requests (https://www.twilio.com/docs/usage/webhooks/webhooks-security): HMAC-SHA1, keyed with the account's token, over the whole
/// address and the form's parameters, sorted by name, each name directly followed by its value.
/// </summary>
public static class TwilioSignature
{
    /// <summary>The header that carries it.</summary>
    public const string Header = "X-Twilio-Signature";

    /// <summary>
    /// Whether Twilio signed a request. The address is tried with and without its port, as in Twilio's own libraries: which of them is signed depends on where
    /// TLS ends and on the kind of the request.
    /// </summary>
    /// <param name="authToken">The account's token.</param>
    /// <param name="address">The address that Twilio called, exactly as it was given to Twilio, with the query.</param>
    /// <param name="form">The form's parameters, decoded; a name may come more than once.</param>
    /// <param name="signature">The header's value; null when there is none.</param>
    public static bool IsValid(string authToken, string address, IEnumerable<KeyValuePair<string, string>> form, string? signature)
    {
        Span<byte> given = stackalloc byte[HMACSHA1.HashSizeInBytes];
        if (signature is null || !Convert.TryFromBase64String(signature, given, out var length) || length != given.Length) return false;

        var parameters = Signed(form);
        var key = Encoding.UTF8.GetBytes(authToken);
        return Matches(key, WithPort(address) + parameters, given) | Matches(key, WithoutPort(address) + parameters, given);
    }

    /// <summary>The signature of a request, as Twilio writes it.</summary>
    public static string Compute(string authToken, string address, IEnumerable<KeyValuePair<string, string>> form)
        => Convert.ToBase64String(Hash(Encoding.UTF8.GetBytes(authToken), address + Signed(form)));

    private static bool Matches(byte[] key, string text, ReadOnlySpan<byte> given) => CryptographicOperations.FixedTimeEquals(Hash(key, text), given);

#pragma warning disable CA5350 // SHA-1 is what Twilio signs with; as an HMAC it is not broken.
    private static byte[] Hash(byte[] key, string text) => HMACSHA1.HashData(key, Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    /// <summary>Names in the order of their bytes; of values that come twice under one name, one.</summary>
    private static string Signed(IEnumerable<KeyValuePair<string, string>> form)
    {
        var signed = new StringBuilder();
        foreach (var (name, value) in form.Distinct().OrderBy(pair => pair.Key, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal))
            signed.Append(name).Append(value);
        return signed.ToString();
    }

    private static string WithoutPort(string address)
    {
        var (_, end, port) = Authority(address);
        return port < 0 ? address : address.Remove(port, end - port);
    }

    private static string WithPort(string address)
    {
        var (start, end, port) = Authority(address);
        if (start < 0 || port >= 0) return address;
        return address.Insert(end, address.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? ":80" : ":443");
    }

    /// <summary>
    /// Where the authority begins and ends, and where the colon of its port is (-1: none). Read from the text, not from a parsed address, which would come
    /// out in another spelling than the one that was signed.
    /// </summary>
    private static (int Start, int End, int Port) Authority(string address)
    {
        var start = address.IndexOf("://", StringComparison.Ordinal);
        if (start < 0) return (-1, -1, -1);
        start += 3;
        var end = address.AsSpan(start).IndexOfAny('/', '?', '#') is var length and >= 0 ? start + length : address.Length;
        var host = address.LastIndexOf('@', end - 1, end - start) + 1;
        var colon = address.LastIndexOf(':', end - 1, end - Math.Max(host, start));
        // A colon before the bracket is part of an IPv6 address.
        return (start, end, colon > address.LastIndexOf(']', end - 1, end - start) ? colon : -1);
    }
}
