using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Requests;
using Countersign.SystemLog;

namespace Countersign.Storage.SystemLog;

/// <summary>An event as the JSON document that is stored: only what was decided, under short names; what follows from it is added when it is read.</summary>
internal static class LogEventCodec
{
    public static byte[] Write(LogEvent logged) => JsonSerializer.SerializeToUtf8Bytes(new StoredLogEvent(
        logged.EventType, logged.Outcome == "SUCCESS" ? null : logged.Outcome, logged.Reason, logged.Severity == "INFO" ? null : logged.Severity,
        Shorten(logged.Actor), [.. logged.Targets.Select(target => target == logged.Actor ? null : Shorten(target))], logged.Factor,
        logged.Request?.RequestId, logged.Request?.Uri, logged.Request?.IpAddress, logged.Request?.UserAgent, logged.Request?.TokenId, logged.Details),
        StoredLogJson.Default.StoredLogEvent);

    public static LogEvent Read(ReadOnlySpan<byte> body)
    {
        var stored = JsonSerializer.Deserialize(body, StoredLogJson.Default.StoredLogEvent)!;
        var actor = Lengthen(stored.A);
        return new LogEvent
        {
            EventType = stored.E,
            Outcome = stored.O ?? "SUCCESS",
            Reason = stored.R,
            Severity = stored.S ?? "INFO",
            Actor = actor,
            Targets = [.. stored.T.Select(target => target is null ? actor : Lengthen(target))],
            Factor = stored.F,
            Details = stored.D,
            Request = stored.X is null ? null : new RequestContext
            {
                RequestId = stored.X,
                Uri = stored.P ?? "",
                IpAddress = stored.I,
                UserAgent = stored.U,
                TokenId = stored.K,
                Actor = actor,
            },
        };
    }

    private static string[] Shorten(LogSubject subject) => [subject.Id, subject.Type, subject.AlternateId, subject.DisplayName];

    private static LogSubject Lengthen(string[] subject) => new(subject[0], subject[1], subject[2], subject[3]);
}

/// <summary>The stored names: event, outcome, reason, severity, actor, targets (null: the actor), factor, transaction, path, address, user agent, key, details.</summary>
internal sealed record StoredLogEvent(
    string E, string? O, string? R, string? S, string[] A, string[]?[] T, string? F, string? X, string? P, string? I, string? U, string? K, IReadOnlyDictionary<string, string>? D = null);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredLogEvent))]
internal sealed partial class StoredLogJson : JsonSerializerContext;
