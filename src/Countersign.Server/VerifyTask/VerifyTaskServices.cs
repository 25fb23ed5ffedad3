using Countersign.Integrations.Tasks;

namespace Countersign.Server.VerifyTask;

/// <summary>Registers the task <c>COUNTERSIGN_VERIFY</c>.</summary>
internal static class VerifyTaskServices
{
    /// <summary>Adds it.</summary>
    public static void AddVerifyTask(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<WorkflowActors>();
        builder.Services.AddSingleton<TransactionWatches>();
        builder.Services.AddSingleton<ISystemTask, CountersignVerify>();
    }
}
