using System.Collections.Frozen;
using System.Globalization;
using Countersign.Filtering;

namespace Countersign.SystemLog;

/// <summary>The attributes that events are filtered by (contract 16.1), by their names in the answer (16.2).</summary>
public static class LogAttributes
{
    private static readonly FrozenDictionary<string, Func<LogEntry, IEnumerable<string?>>> All = new Dictionary<string, Func<LogEntry, IEnumerable<string?>>>(StringComparer.Ordinal)
    {
        ["uuid"] = entry => [entry.Uuid.ToString()],
        ["published"] = entry => [entry.Published.UtcDateTime.ToString(FilterParser.DateFormat, CultureInfo.InvariantCulture)],
        ["version"] = _ => ["0"],
        ["severity"] = entry => [entry.Event.Severity],
        ["eventType"] = entry => [entry.Event.EventType],
        ["legacyEventType"] = entry => [LogEventTypes.LegacyEventType(entry.Event)],
        ["displayMessage"] = entry => [LogEventTypes.DisplayMessage(entry.Event.EventType)],
        ["outcome.result"] = entry => [entry.Event.Outcome],
        ["outcome.reason"] = entry => [entry.Event.Reason],
        ["actor.id"] = entry => [entry.Event.Actor.Id],
        ["actor.type"] = entry => [entry.Event.Actor.Type],
        ["actor.alternateId"] = entry => [entry.Event.Actor.AlternateId],
        ["actor.displayName"] = entry => [entry.Event.Actor.DisplayName],
        ["target.id"] = entry => entry.Event.Targets.Select(target => target.Id),
        ["target.type"] = entry => entry.Event.Targets.Select(target => target.Type),
        ["target.alternateId"] = entry => entry.Event.Targets.Select(target => target.AlternateId),
        ["target.displayName"] = entry => entry.Event.Targets.Select(target => target.DisplayName),
        ["client.ipAddress"] = entry => [entry.Event.Request?.IpAddress],
        ["client.userAgent.rawUserAgent"] = entry => [entry.Event.Request?.UserAgent],
        ["transaction.id"] = entry => [entry.Event.Request?.RequestId],
        ["transaction.type"] = entry => [LogEventTypes.TransactionType(entry.Event)],
        ["transaction.detail.requestApiTokenId"] = entry => [entry.Event.Request?.TokenId],
        ["debugContext.debugData.requestUri"] = entry => [entry.Event.Request?.Uri],
        ["debugContext.debugData.factor"] = entry => [entry.Event.Factor],
        ["request.ipChain.ip"] = entry => [entry.Event.Request?.IpAddress],
    }.ToFrozenDictionary();

    /// <summary>What <c>filter</c> may say.</summary>
    public static readonly FilterRules FilterRules = new(
        name => All.ContainsKey(name) ? new FilterAttribute(FilterOperators.All, IsDate: name == "published") : null, AllowsNot: true);

    /// <summary>The values of an attribute; none when it is unset.</summary>
    public static IEnumerable<string> ValuesOf(LogEntry entry, string name) => All[name](entry).OfType<string>();

    /// <summary>Every text that words are looked for in.</summary>
    public static IEnumerable<string> Texts(LogEntry entry) => All.Values.SelectMany(valuesOf => valuesOf(entry)).OfType<string>();
}
