using System.Collections.ObjectModel;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Countersign.Filtering;
using Countersign.Requests;

namespace Countersign.SystemLog;

/// <summary>Renders events (contract 16.2).</summary>
public static class LogDocuments
{
    /// <summary>The event as the API and event hooks show it.</summary>
    public static JsonObject Document(LogEntry entry)
    {
        var logged = entry.Event;
        return new JsonObject
        {
            ["uuid"] = entry.Uuid.ToString(),
            ["published"] = entry.Published.UtcDateTime.ToString(FilterParser.DateFormat, System.Globalization.CultureInfo.InvariantCulture),
            ["version"] = "0",
            ["severity"] = logged.Severity,
            ["eventType"] = logged.EventType,
            ["legacyEventType"] = LogEventTypes.LegacyEventType(logged),
            ["displayMessage"] = LogEventTypes.DisplayMessage(logged.EventType),
            ["outcome"] = new JsonObject { ["result"] = logged.Outcome, ["reason"] = logged.Reason },
            ["actor"] = Subject(logged.Actor),
            ["client"] = Client(logged.Request),
            ["target"] = logged.Targets.Count == 0 ? null : new JsonArray([.. logged.Targets.Select(Subject)]),
            ["transaction"] = new JsonObject
            {
                ["type"] = LogEventTypes.TransactionType(logged),
                ["id"] = logged.Request?.RequestId,
                ["detail"] = logged.Request?.TokenId is { } token ? new JsonObject { ["requestApiTokenId"] = token } : [],
            },
            ["authenticationContext"] = Authentication(logged),
            ["securityContext"] = new JsonObject { ["asNumber"] = null, ["asOrg"] = null, ["isp"] = null, ["domain"] = null, ["isProxy"] = null },
            ["debugContext"] = new JsonObject { ["debugData"] = DebugData(logged) },
            ["request"] = new JsonObject { ["ipChain"] = IpChain(logged.Request?.IpAddress) },
        };
    }

    private static JsonObject Subject(LogSubject subject) => new()
    {
        ["id"] = subject.Id,
        ["type"] = subject.Type,
        ["alternateId"] = subject.AlternateId,
        ["displayName"] = subject.DisplayName,
        ["detailEntry"] = null,
    };

    private static JsonObject? Client(RequestContext? request) => request is null ? null : new()
    {
        ["userAgent"] = new JsonObject { ["rawUserAgent"] = request.UserAgent, ["os"] = "Unknown", ["browser"] = "UNKNOWN" },
        ["zone"] = "null",
        ["device"] = "Unknown",
        ["id"] = null,
        ["ipAddress"] = request.IpAddress,
        ["geographicalContext"] = null,
    };

    private static JsonObject Authentication(LogEvent logged) => new()
    {
        ["authenticationProvider"] = logged.EventType == LogEventTypes.Verify ? "FACTOR_PROVIDER" : null,
        ["credentialProvider"] = logged.EventType == LogEventTypes.Verify ? "OKTA_CREDENTIAL_PROVIDER" : null,
        ["credentialType"] = logged.EventType == LogEventTypes.Verify ? "OTP" : null,
        ["authenticationStep"] = 0,
        ["externalSessionId"] = "unknown",
        ["interface"] = null,
        ["issuer"] = null,
    };

    private static JsonObject DebugData(LogEvent logged)
    {
        var data = new JsonObject();
        if (logged.Request is { } request) data["requestUri"] = request.Uri;
        if (logged.Factor is { } factor) data["factor"] = factor;
        foreach (var (name, value) in logged.Details ?? ReadOnlyDictionary<string, string>.Empty) data[name] = value;
        return data;
    }

    private static JsonArray IpChain(string? address) => !IPAddress.TryParse(address, out var parsed) ? [] :
    [
        new JsonObject
        {
            ["ip"] = address,
            ["version"] = parsed.AddressFamily == AddressFamily.InterNetworkV6 ? "V6" : "V4",
            ["source"] = null,
            ["geographicalContext"] = null,
        },
    ];
}
