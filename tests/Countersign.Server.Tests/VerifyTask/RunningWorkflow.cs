using System.Net;
using System.Text.Json.Nodes;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.VerifyTask;

/// <summary>Workflows with the task <c>COUNTERSIGN_VERIFY</c>, through the workflow API.</summary>
internal static class RunningWorkflow
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The definition of the docs: a verification, and what follows from its result.</summary>
    public static JsonObject Definition(string factorType = "${workflow.input.factorType}") => new()
    {
        ["name"] = "verify_transfer",
        ["version"] = 1,
        ["schemaVersion"] = 2,
        ["tasks"] = new JsonArray(
            new JsonObject
            {
                ["name"] = "ask", ["taskReferenceName"] = "ask_ref", ["type"] = "COUNTERSIGN_VERIFY", ["optional"] = true,
                ["inputParameters"] = new JsonObject { ["userId"] = "${workflow.input.userId}", ["factorType"] = factorType, ["passCode"] = "${workflow.input.passCode}", ["maxAttempts"] = 2 },
            },
            new JsonObject
            {
                ["name"] = "decide", ["taskReferenceName"] = "decide_ref", ["type"] = "SWITCH", ["evaluatorType"] = "value-param", ["expression"] = "result",
                ["inputParameters"] = new JsonObject { ["result"] = "${ask_ref.output.factorResult}" },
                ["decisionCases"] = new JsonObject { ["SUCCESS"] = new JsonArray(Set("approved_ref", "yes")) },
                ["defaultCase"] = new JsonArray(Set("refused_ref", "no")),
            }),
        ["outputParameters"] = new JsonObject { ["released"] = "${workflow.variables.released}", ["factorResult"] = "${ask_ref.output.factorResult}" },
    };

    extension(CountersignApp app)
    {
        public async Task<string> StartAsync(JsonObject definition, JsonObject input)
        {
            var stored = await app.PutAsync("/api/metadata/workflow?overwrite=true", new JsonArray(definition));
            Assert.Equal(HttpStatusCode.OK, stored.Status);
            var started = await app.PostAsync($"/api/workflow/{definition["name"]}", input);
            Assert.True(started.Status == HttpStatusCode.OK, started.Text);
            return started.Text;
        }

        /// <summary>The execution when it is as it is waited for.</summary>
        public async Task<WorkflowExecution> WaitAsync(string id, Func<WorkflowExecution, bool> isEnough)
            => (await app.Services.GetRequiredService<WorkflowRuns>().WaitAsync(id, isEnough, TimeSpan.FromDays(1), CancellationToken.None).WaitAsync(Limit))!;

        public Task<WorkflowExecution> EndAsync(string id) => app.WaitAsync(id, execution => execution.Status.IsFinal);

        /// <summary>The task that waits for an answer, once it does.</summary>
        public async Task<TaskExecution> WaitingTaskAsync(string id)
            => (await app.WaitAsync(id, execution => execution.Tasks.Any(IsWaiting))).Tasks.First(IsWaiting);
    }

    private static bool IsWaiting(TaskExecution task) => task is { Type: "COUNTERSIGN_VERIFY", Status: AttemptStatus.InProgress, LeaseUntil: null } && task.Output.TryGetProperty("factorResult", out _);

    private static JsonObject Set(string reference, string value) => new()
    {
        ["name"] = reference, ["taskReferenceName"] = reference, ["type"] = "SET_VARIABLE", ["inputParameters"] = new JsonObject { ["released"] = value },
    };
}
