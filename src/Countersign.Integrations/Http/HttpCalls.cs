using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Secrets;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Http;

/// <summary>Carries out the call of a task: puts secrets in, reads the request, sends it. What HTTP and HTTP_POLL have in common. Thread-safe.</summary>
public sealed class HttpCalls(IHttpSender sender, SecretFiller filler)
{
    /// <summary>The request of an attempt was sent, or could not be.</summary>
    /// <param name="Exchange">What came of it; null when it was not sent.</param>
    /// <param name="Settings">The request; null when it could not be read.</param>
    /// <param name="Fault">Why it was not sent.</param>
    /// <param name="Scrubber">Takes out what was put in.</param>
    internal sealed record Call(HttpExchange? Exchange, HttpRequestSettings? Settings, HttpFault? Fault, Scrubber Scrubber);

    internal async Task<Call> SendAsync(TaskWork work, string caller, CancellationToken cancellationToken)
    {
        if (!WholeTexts.Are(work.Task.Input)) return new Call(null, null, HttpFault.Invalid("The input has a text with half a character (a surrogate without its other half)."), Scrubber.None);
        var filled = await filler.FillAsync(work.Task.Input, TemplateOf(work), cancellationToken).ConfigureAwait(false);
        var scrubber = new Scrubber(filled.Values);
        if (filled.Fault is { } missing) return new Call(null, null, HttpFault.Invalid(missing), scrubber);
        if (!RequestReader.TryRead(RequestReader.Of(filled.Value), out var settings, out var fault)) return new Call(null, null, HttpFault.Invalid(fault), scrubber);
        // The lease was taken for the time-outs of the stored input: those that a secret says do not outlast it.
        var longest = Smaller(Smaller(settings.LongestCall, LongestCall(work.Task)), BoundOf(work.Definition));
        var limits = new CallLimits(HttpOutput.Largest, longest) { Caller = caller, Secrets = [.. filled.Values, .. settings.Authentication?.Secrets ?? []] };
        var exchange = await sender.SendAsync(settings, limits, cancellationToken).ConfigureAwait(false);
        return new Call(exchange, settings, null, exchange.Secrets.IsEmpty ? scrubber : new Scrubber([.. filled.Values, .. exchange.Secrets]));
    }

    /// <summary>The longest that the call of an attempt takes.</summary>
    internal static TimeSpan LongestCall(TaskExecution task) => RequestReader.LongestCallOf(RequestReader.Of(task.Input));

    /// <summary>Whether the call of an attempt may be made again when nobody knows what came of it.</summary>
    internal static bool IsRepeatable(TaskExecution task)
        => RequestReader.Of(task.Input) is { ValueKind: JsonValueKind.Object } request && request.TryGetProperty("method", out var method) && method.ValueKind == JsonValueKind.String
            && HttpRequestSettings.IsRepeatableMethod(method.GetString()!.Trim());

    // The secrets that are put in are those that the definition names; data that looks like an expression is data.
    private static JsonElement TemplateOf(TaskWork work) => JsonBuilder.Build(writer =>
    {
        writer.WriteStartArray();
        if (work.Task.Task.Document.TryGetProperty("inputParameters", out var parameters)) parameters.WriteTo(writer);
        if (work.Definition is { } definition && definition.Document.TryGetProperty("inputTemplate", out var template)) template.WriteTo(writer);
        writer.WriteEndArray();
    });

    private static TimeSpan? BoundOf(TaskDefinition? definition)
        => definition is null ? null : Smaller(Seconds(definition.Document, "timeoutSeconds"), Seconds(definition.Document, "responseTimeoutSeconds"));

    private static TimeSpan? Seconds(JsonElement document, string name)
        => document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is > 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : null;

    private static TimeSpan? Smaller(TimeSpan? one, TimeSpan? other) => one is null ? other : other is null || one < other ? one : other;

    private static TimeSpan Smaller(TimeSpan one, TimeSpan? other) => other < one ? other.Value : one;
}
