using System.Net;
using System.Text.Json.Nodes;
using Countersign.Integrations.Conductor;
using Countersign.Server.Settings;

namespace Countersign.Server.Runners;

/// <summary>The other Conductor server that is configured, if one is.</summary>
internal sealed class ConductorRunner : IDisposable
{
    public ConductorRunner(ConductorSettings settings, TimeProvider clock)
    {
        if (settings.Url is not { } url) return;
        (string, string)? key = settings is { KeyId: { } id, KeySecret: { } secret } ? (id, secret) : null;
        Client = new ConductorClient(url, key, settings.Timeout, clock);
        Publication = new Publication(Client, clock);
    }

    /// <summary>A runner that is spoken to by this client.</summary>
    internal ConductorRunner(ConductorClient client, TimeProvider clock) => (Client, Publication) = (client, new Publication(client, clock));

    /// <summary>Speaks to it; null when none is configured.</summary>
    public ConductorClient? Client { get; }

    /// <summary>Hands definitions over to it; null when none is configured.</summary>
    public Publication? Publication { get; }

    /// <summary>Notes what only several settings together tell.</summary>
    public static void Check(ConductorSettings settings, SettingsReader reader)
    {
        if ((settings.KeyId is null) != (settings.KeySecret is null))
            reader.Fault($"{ConductorSettings.Section}: KeyId and KeySecret go together; found {(settings.KeyId is null ? "KeySecret" : "KeyId")} alone");
        if (settings.Url is null && settings.KeyId is not null) reader.Fault($"{ConductorSettings.Section}:KeyId: found a key, but no {ConductorSettings.Section}:Url that it is for");
    }

    /// <summary>How it is shown: whether it answers, and lets us in.</summary>
    public async Task<JsonObject?> DescribeAsync(CancellationToken cancellationToken)
    {
        if (Client is null) return null;
        var shown = new JsonObject { ["id"] = "conductor", ["name"] = Client.Url.Authority, ["url"] = Client.Url.AbsoluteUri };
        var reply = await Client.SendAsync(HttpMethod.Get, "/version", (JsonNode?)null, cancellationToken);
        // Servers without this operation are reached all the same; whether the key is good was seen by the sign-in before it.
        shown["isReachable"] = reply is ConductorReply.Answered { IsSuccess: true } or ConductorReply.Answered { Status: HttpStatusCode.NotFound };
        if (reply is ConductorReply.Answered { IsSuccess: true } answer && answer.Text.Trim() is { Length: > 0 and <= 100 } version) shown["version"] = version;
        else if (reply is ConductorReply.Answered { Status: not HttpStatusCode.NotFound } refused) shown["reason"] = refused.Reason;
        else if (reply is ConductorReply.Silent silent) shown["reason"] = silent.Reason;
        return shown;
    }

    public void Dispose() => Client?.Dispose();
}
