using System.Globalization;
using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Scripts;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;

namespace Countersign.Integrations.Http;

/// <summary>The task <c>HTTP_POLL</c>: sends a request again and again until a condition on its answer is met (workflow contract 8.8). Between polls nothing is held open.</summary>
public sealed class HttpPollTask(HttpCalls calls, IScripts scripts, TimeProvider clock) : ISystemTask
{
    private const long UsualPolls = 1_000;
    private const double UsualInterval = 60, LongestInterval = 86_400;

    /// <inheritdoc/>
    public string Type => "HTTP_POLL";

    /// <inheritdoc/>
    public bool IsRepeatable(TaskExecution task) => HttpCalls.IsRepeatable(task);

    /// <inheritdoc/>
    public TimeSpan LongestVisit(TaskExecution task) => HttpCalls.LongestCall(task);

    /// <inheritdoc/>
    public async Task<TaskOutcome> CarryOutAsync(TaskWork work, CancellationToken cancellationToken)
    {
        var polls = 1 + (work.Task.Memory is { ValueKind: JsonValueKind.Object } memory && memory.TryGetProperty("polls", out var known) && known.TryGetInt64(out var number) ? number : 0);
        if (Rules.TryRead(work.Task.Input, out var fault) is not { } rules) return Fail(AttemptStatus.FailedWithTerminalError, fault!, null);
        var call = await calls.SendAsync(work, Type, cancellationToken).ConfigureAwait(false);
        if (call.Fault is { } unsent) return HttpOutcomes.OfFault(unsent, call.Scrubber);

        var outcome = HttpOutcomes.Of(call.Exchange!, call.Settings!, completesLater: false, call.Scrubber, clock.GetUtcNow());
        if (outcome.Status == AttemptStatus.Completed)
        {
            var result = scripts.Evaluate(rules.Condition, Seen(outcome.Output!.Value, work.Task.Input));
            if (result.Error is { } error) return Fail(AttemptStatus.FailedWithTerminalError, $"terminationCondition: {error}", outcome.Output);
            if (result.Value.ValueKind == JsonValueKind.Number && result.Value.GetDouble() is -1) return Fail(AttemptStatus.Failed, "terminationCondition gave -1.", outcome.Output);
            if (result.IsTruthy) return outcome;
        }
        // What may be better next time says "go on"; all else will stay as it is.
        else if (outcome.Status != AttemptStatus.Failed || (call.Exchange is { Fault: null, Answer: { } answer } && answer.StatusCode is not (408 or 425 or 429 or >= 500))) return outcome;

        if (polls >= rules.MostPolls) return Fail(AttemptStatus.Failed, string.Create(CultureInfo.InvariantCulture, $"The condition was not met in {polls} polls, which is maxPollCount."), outcome.Output);
        var wait = rules.WaitAfter(polls);
        return new TaskOutcome
        {
            Status = AttemptStatus.InProgress,
            Output = outcome.Output,
            VisitAgainAfter = outcome.RetryAfter > wait ? outcome.RetryAfter : wait,
            Memory = JsonBuilder.BuildObject(writer => writer.WriteNumber("polls", polls)),
        };
    }

    private static TaskOutcome Fail(AttemptStatus status, string reason, JsonElement? output) => new() { Status = status, Reason = reason, Output = output ?? HttpOutput.WriteFault(reason) };

    /// <summary>What the condition sees: <c>$.output.response.body</c>, and the members of the response directly, as both are written; and the input.</summary>
    private static JsonElement Seen(JsonElement output, JsonElement input) => JsonBuilder.BuildObject(writer =>
    {
        writer.WriteStartObject("output");
        var response = output.GetProperty("response");
        writer.WritePropertyName("response");
        response.WriteTo(writer);
        foreach (var member in response.EnumerateObject()) member.WriteTo(writer);
        writer.WriteEndObject();
        writer.WritePropertyName("input");
        input.WriteTo(writer);
    });

    private sealed record Rules(string Condition, double Interval, string Strategy, long MostPolls)
    {
        /// <summary>Reads the four members, which stand beside the request or inside it.</summary>
        public static Rules? TryRead(JsonElement input, out string? fault)
        {
            var condition = Find("terminationCondition") is { ValueKind: JsonValueKind.String } script ? script.GetString()! : "";
            var interval = Number("pollingInterval", UsualInterval);
            var most = Number("maxPollCount", UsualPolls);
            var strategy = Find("pollingStrategy") is { ValueKind: JsonValueKind.String } text ? text.GetString()!.ToUpperInvariant() : "FIXED";
            fault = condition.Length == 0 ? "terminationCondition is missing: a script that is true when the polling is to end."
                : interval is not (>= 1 and <= LongestInterval) ? "pollingInterval must be from 1 to 86400 seconds."
                : most is not (>= 1 and <= 1e9) ? "maxPollCount must be 1 or more."
                : strategy is not ("FIXED" or "LINEAR_BACKOFF" or "EXPONENTIAL_BACKOFF") ? "pollingStrategy must be FIXED, LINEAR_BACKOFF or EXPONENTIAL_BACKOFF."
                : null;
            return fault is null ? new Rules(condition, interval, strategy, (long)most) : null;

            JsonElement? Find(string name)
                => input.TryGetProperty(name, out var beside) && beside.ValueKind != JsonValueKind.Null ? beside
                    : RequestReader.Of(input) is { ValueKind: JsonValueKind.Object } request && request.TryGetProperty(name, out var inside) && inside.ValueKind != JsonValueKind.Null ? inside : null;

            double Number(string name, double usual)
                => Find(name) is not { } value ? usual
                    : value.ValueKind is JsonValueKind.Number or JsonValueKind.String && double.TryParse(Template.TextOf(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
        }

        /// <summary>How long to wait after so many polls; a day at most.</summary>
        public TimeSpan WaitAfter(long polls) => TimeSpan.FromSeconds(Math.Min(LongestInterval, Strategy switch
        {
            "LINEAR_BACKOFF" => Interval * polls,
            "EXPONENTIAL_BACKOFF" => Interval * Math.Pow(2, Math.Min(polls - 1, 60)),
            _ => Interval,
        }));
    }
}
