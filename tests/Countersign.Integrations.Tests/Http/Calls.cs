using System.Net;
using System.Text.Json;
using Countersign.Integrations.Http;
using Countersign.Integrations.Secrets;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;
using Countersign.Outbound;
using Countersign.SystemLog;

namespace Countersign.Integrations.Tests.Http;

/// <summary>Short ways to make calls.</summary>
internal static class Calls
{
    public static OutboundGuard Guard(params string[] networks) => new(new OutboundSettings { AllowedNetworks = [.. networks.Select(network => IPNetwork.Parse(network))] }, OwnEndpoints.None);

    /// <summary>A sender that may call this machine.</summary>
    public static HttpSender Sender(HostLookup? lookup = null, OutboundGuard? guard = null) => new(guard ?? Guard("127.0.0.0/8"), null, TimeProvider.System, lookup ?? Dns.GetHostAddressesAsync);

    public static HttpRequestSettings Read(string json) => RequestReader.TryRead(Json(json), out var settings, out var fault) ? settings : throw new ArgumentException(fault);

    public static CallLimits Limits(int longest = 3 * 1024 * 1024, int seconds = 30, params string[] secrets) => new(longest, TimeSpan.FromSeconds(seconds)) { Caller = "test", Secrets = secrets };

    public static async Task<HttpExchange> SendAsync(string json, CallLimits? limits = null, HttpSender? sender = null)
    {
        using var own = sender is null ? Sender() : null;
        return await (sender ?? own!).SendAsync(Read(json), limits ?? Limits(), CancellationToken.None);
    }

    public static JsonElement Json(string json) => JsonElement.Parse(json);

    /// <summary>An attempt of an HTTP task with this input, which is also its template.</summary>
    public static TaskWork Work(string inputParameters, string? input = null, string? definition = null, string task = "", JsonElement? memory = null)
    {
        var now = DateTimeOffset.UnixEpoch;
        var workflow = new WorkflowDefinition(Json("""{"name":"w","version":1,"tasks":[]}"""));
        var execution = new WorkflowExecution { Id = "w1", Definition = workflow, CreatedAt = now, StartedAt = now, UpdatedAt = now, Input = Json("{}") };
        var attempt = new TaskExecution
        {
            Id = "t1",
            Sequence = 1,
            Task = new WorkflowTask(Json($$$"""{"name":"call","taskReferenceName":"call","type":"HTTP"{{{task}}},"inputParameters":{{{inputParameters}}}}""")),
            ReferenceName = "call",
            Type = "HTTP",
            By = CarriedOutBy.Server,
            Input = Json(input ?? inputParameters),
            ScheduledAt = now,
            ReadyAt = now,
            UpdatedAt = now,
            Memory = memory,
        };
        return new TaskWork(execution, attempt, definition is null ? null : new TaskDefinition(Json(definition)));
    }

    public static async Task<TaskOutcome> CarryOutAsync(TaskWork work, params (string Name, string Value)[] secrets)
    {
        using var sender = Sender();
        return await new HttpTask(new HttpCalls(sender, new SecretFiller(new Secrets(secrets))), TimeProvider.System).CarryOutAsync(work, CancellationToken.None);
    }

    /// <summary>Secrets in memory.</summary>
    internal sealed class Secrets((string Name, string Value)[] secrets) : ISecretStore
    {
        public Task<string?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult(secrets.Where(secret => secret.Name == name).Select(secret => secret.Value).FirstOrDefault());
        public Task<IReadOnlyList<SecretListing>> ListAsync(string? after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();
        public Task<bool> PutAsync(string name, string value, LogEvent logged, CancellationToken cancellationToken) => throw new NotSupportedException();
        public Task<bool> RemoveAsync(string name, LogEvent logged, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
