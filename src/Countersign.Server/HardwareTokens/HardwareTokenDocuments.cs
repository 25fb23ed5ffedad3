using System.Text;
using System.Text.Json.Nodes;
using Countersign.Factors.Otp;
using Countersign.HardwareTokens;
using Countersign.Links;

namespace Countersign.Server.HardwareTokens;

/// <summary>Renders tokens of the inventory (contract 12.3); never a secret.</summary>
internal static class HardwareTokenDocuments
{
    private static readonly string[] Columns = ["serial", "status", "created", "activated", "lastVerified", "userId", "email"];

    /// <summary>A YubiKey.</summary>
    public static JsonObject YubiKey(HardwareToken token, string baseUrl)
    {
        var self = $"{baseUrl}{HardwareTokenEndpoints.YubiKeys}/{token.Id}";
        var document = new JsonObject { ["id"] = token.Id, ["created"] = token.Created.ToTimestamp() };
        AddUse(document, token);
        document["lastUpdated"] = token.LastUpdated.ToTimestamp();
        document["status"] = StatusOf(token);
        document["profile"] = new JsonObject { ["serial"] = token.Serial };
        var links = new JsonObject { ["self"] = token.Holder is null ? Hal.Link(self, "GET", "DELETE") : Hal.Link(self, "GET") };
        if (token.Holder is { } holder)
        {
            var urls = new UserUrls(baseUrl, holder.User.Value);
            links["user"] = Hal.Link(urls.User, "GET");
            links["deactivate"] = Hal.Link(urls.Factor(holder.Factor.Value), "DELETE");
        }
        document["_links"] = links;
        return document;
    }

    /// <summary>An OATH token.</summary>
    public static JsonObject Oath(HardwareToken token)
    {
        var oath = token.Oath!;
        var document = new JsonObject { ["id"] = token.Id, ["serialNumber"] = token.Serial };
        if (token.KeyId.Length > 0) document["keyId"] = token.KeyId;
        if (oath.Manufacturer is { } manufacturer) document["manufacturer"] = manufacturer;
        document["status"] = StatusOf(token);
        document["timeBased"] = oath.IsTimeBased;
        document["otpLength"] = oath.Digits;
        if (oath.IsTimeBased) document["timeStep"] = oath.SecondsPerStep;
        document["hmacAlgorithm"] = oath.Algorithm switch { OtpAlgorithm.Sha256 => "HMacSHA256", OtpAlgorithm.Sha512 => "HMacSHA512", _ => "HMacSHA1" };
        document["created"] = token.Created.ToTimestamp();
        document["lastUpdated"] = token.LastUpdated.ToTimestamp();
        AddUse(document, token);
        if (token.Holder is { } holder) (document["userId"], document["factorId"]) = (holder.User.Value, holder.Factor.Value);
        return document;
    }

    /// <summary>YubiKeys as a file for a spreadsheet (RFC 4180), with a line of names first.</summary>
    public static string Csv(IEnumerable<HardwareToken> tokens)
    {
        var text = new StringBuilder().AppendJoin(',', Columns).Append("\r\n");
        foreach (var token in tokens)
        {
            text.AppendJoin(',', new[]
            {
                token.Serial, StatusOf(token), token.Created.ToTimestamp(), token.Holder?.Since.ToTimestamp(), token.Holder?.LastVerified?.ToTimestamp(),
                token.Holder?.User.Value, token.Holder?.Email,
            }.Select(Cell)).Append("\r\n");
        }
        return text.ToString();
    }

    /// <summary>A cell in quotes; what a spreadsheet would compute has an apostrophe before it, so that it does not.</summary>
    private static string Cell(string? value)
        => value is not { Length: > 0 } ? "" : $"\"{(value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" : "")}{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string StatusOf(HardwareToken token) => token.Holder is null ? "UNASSIGNED" : "ACTIVE";

    private static void AddUse(JsonObject document, HardwareToken token)
    {
        if (token.Holder is not { } holder) return;
        document["activated"] = holder.Since.ToTimestamp();
        if (holder.LastVerified is { } verified) document["lastVerified"] = verified.ToTimestamp();
    }
}
