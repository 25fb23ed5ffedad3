using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Conductor;

/// <summary>
/// Hands a workflow definition over to another Conductor server (workflow contract 19): finds out what would change there, refuses by name what cannot run there, and sends the task definitions before
/// the definition. Nothing of what runs there is kept here.
/// </summary>
public sealed class Publication(ConductorClient conductor, TimeProvider clock)
{
    /// <summary>A worker that has not polled for so long is none.</summary>
    public static readonly TimeSpan WorkerSeen = TimeSpan.FromMinutes(5);

    /// <summary>The types of tasks that only a worker of ours carries out on another server.</summary>
    public const string OwnType = "COUNTERSIGN_VERIFY";

    /// <summary>Hands it over, or only says what that would do.</summary>
    /// <param name="workflow">The definition.</param>
    /// <param name="taskDefinitionOf">The registered task definition of a name; null for none.</param>
    /// <param name="isDryRun">Whether nothing is sent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PublishResult> PublishAsync(JsonElement workflow, Func<string, JsonElement?> taskDefinitionOf, bool isDryRun, CancellationToken cancellationToken)
    {
        var (needs, result) = (DefinitionNeeds.Of(workflow), new PublishResult());
        try
        {
            var tasks = needs.TaskNames.Select(name => taskDefinitionOf(name)).OfType<JsonElement>().Select(DefinitionDifference.Own).ToList();
            foreach (var task in tasks) await CompareAsync(result, "task", task, null, $"/metadata/taskdefs/{Path(Name(task))}", cancellationToken).ConfigureAwait(false);
            var own = DefinitionDifference.Own(workflow);
            var version = own.TryGetProperty("version", out var number) && number.TryGetInt32(out var read) ? read : 1;
            await CompareAsync(result, "workflow", own, version, $"/metadata/workflow/{Path(Name(own))}?version={version}", cancellationToken).ConfigureAwait(false);
            await FindRefusalsAsync(needs, result, cancellationToken).ConfigureAwait(false);
            if (isDryRun || result.Refusals.Count > 0) return result;
            if (tasks.Count > 0) await SendAsync(HttpMethod.Post, "/metadata/taskdefs", Array(tasks), cancellationToken).ConfigureAwait(false);
            var answer = await SendAsync(HttpMethod.Put, "/metadata/workflow?overwrite=true", Array([own]), cancellationToken).ConfigureAwait(false);
            if (answer.Json is { ValueKind: JsonValueKind.Object } bulk && bulk.TryGetProperty("bulkErrorResults", out var errors) && errors.ValueKind == JsonValueKind.Object)
                foreach (var error in errors.EnumerateObject()) result.Refusals.Add($"that server refuses {error.Name}: {error.Value}");
            return result with { Published = result.Refusals.Count == 0 };
        }
        catch (ConductorUnavailableException unavailable)
        {
            result.Refusals.Add(unavailable.Message);
            return result;
        }
    }

    private async Task CompareAsync(PublishResult result, string kind, JsonElement here, int? version, string path, CancellationToken cancellationToken)
    {
        var there = await FindAsync(path, cancellationToken).ConfigureAwait(false);
        if (there is not { ValueKind: JsonValueKind.Object } known) result.Changes.Add(new PublishChange(kind, Name(here), version, null, here));
        else if (!DefinitionDifference.IsSame(here, known)) result.Changes.Add(new PublishChange(kind, Name(here), version, DefinitionDifference.Own(known), here));
    }

    private async Task FindRefusalsAsync(DefinitionNeeds needs, PublishResult result, CancellationToken cancellationToken)
    {
        if (needs.Secrets.Count > 0)
        {
            var names = await FindAsync("/secrets", cancellationToken).ConfigureAwait(false) is { ValueKind: JsonValueKind.Array } list
                ? list.EnumerateArray().Select(SecretName).ToHashSet(StringComparer.Ordinal) : [];
            foreach (var secret in needs.Secrets.Where(secret => !names.Contains(secret))) result.Refusals.Add($"the secret {secret} is not there");
        }
        foreach (var variable in needs.Environment)
            if (await AskAsync(HttpMethod.Get, $"/environment/{Path(variable)}", cancellationToken).ConfigureAwait(false) is { Status: HttpStatusCode.NotFound }) result.Refusals.Add($"the environment variable {variable} is not there");
        foreach (var (name, references) in needs.Workflows)
            if (await FindAsync($"/metadata/workflow/{Path(name)}", cancellationToken).ConfigureAwait(false) is null) result.Refusals.Add($"the workflow {name}, which {string.Join(", ", references)} starts, is not there: publish it first");
        foreach (var reference in needs.OwnAuthentication)
            result.Refusals.Add($"the task {reference} uses authentication, which is Countersign's own: write the header Authorization instead");
        if (needs.Types.TryGetValue(OwnType, out var verifying) && !await HasWorkerAsync(cancellationToken).ConfigureAwait(false))
            result.Refusals.Add($"no worker polls the queue {OwnType} there, which {string.Join(", ", verifying)} needs: start countersign worker --conductor {conductor.Url.GetLeftPart(UriPartial.Authority)}");
    }

    private async Task<bool> HasWorkerAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync($"/tasks/queue/polldata?taskType={OwnType}", cancellationToken).ConfigureAwait(false) is not { ValueKind: JsonValueKind.Array } polls) return false;
        var since = (clock.GetUtcNow() - WorkerSeen).ToUnixTimeMilliseconds();
        return polls.EnumerateArray().Any(poll => poll.ValueKind == JsonValueKind.Object && poll.TryGetProperty("lastPollTime", out var at) && at.ValueKind == JsonValueKind.Number && at.TryGetInt64(out var milliseconds) && milliseconds >= since);
    }

    /// <summary>What is there; null for nothing.</summary>
    private async Task<JsonElement?> FindAsync(string path, CancellationToken cancellationToken)
        => await AskAsync(HttpMethod.Get, path, cancellationToken).ConfigureAwait(false) is { Status: not (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented) } answer
            ? answer.IsSuccess ? answer.Json : throw new ConductorUnavailableException($"{conductor.Url.Authority}: {answer.Reason}")
            : null;

    private async Task<ConductorReply.Answered> SendAsync(HttpMethod method, string path, JsonArray body, CancellationToken cancellationToken)
        => await conductor.SendAsync(method, path, body, cancellationToken).ConfigureAwait(false) switch
        {
            ConductorReply.Answered { IsSuccess: true } answer => answer,
            ConductorReply.Answered refused => throw new ConductorUnavailableException($"that server refuses it: {refused.Reason}"),
            ConductorReply.Silent silent => throw new ConductorUnavailableException(silent.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private async Task<ConductorReply.Answered> AskAsync(HttpMethod method, string path, CancellationToken cancellationToken)
        => await conductor.SendAsync(method, path, (JsonNode?)null, cancellationToken).ConfigureAwait(false) switch
        {
            ConductorReply.Answered answer => answer,
            ConductorReply.Silent silent => throw new ConductorUnavailableException(silent.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    // Servers list names, or objects with one.
    private static string SecretName(JsonElement secret)
        => secret.ValueKind == JsonValueKind.String ? secret.GetString()! : secret.ValueKind == JsonValueKind.Object && secret.TryGetProperty("name", out var name) ? name.ToString() : "";

    private static string Name(JsonElement definition) => definition.GetProperty("name").GetString()!;

    private static string Path(string name) => Uri.EscapeDataString(name);

    private static JsonArray Array(IEnumerable<JsonElement> definitions) => [.. definitions.Select(definition => JsonNode.Parse(definition.GetRawText(), documentOptions: new JsonDocumentOptions { MaxDepth = JsonBuilder.DeepestNesting }))];

    private sealed class ConductorUnavailableException(string message) : Exception(message);
}

/// <summary>What handing over came to.</summary>
public sealed record PublishResult
{
    /// <summary>What changes there, or would.</summary>
    public List<PublishChange> Changes { get; } = [];
    /// <summary>What keeps it from being handed over, each in one sentence.</summary>
    public List<string> Refusals { get; } = [];
    /// <summary>Whether it was handed over.</summary>
    public bool Published { get; init; }
}

/// <summary>A definition that changes.</summary>
/// <param name="Kind"><c>workflow</c> or <c>task</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version; null for task definitions.</param>
/// <param name="Before">What is there; null for nothing.</param>
/// <param name="After">What will be there.</param>
public sealed record PublishChange(string Kind, string Name, int? Version, JsonElement? Before, JsonElement After);
