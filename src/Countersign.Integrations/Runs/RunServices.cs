using Countersign.Integrations.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Countersign.Integrations.Runs;

/// <summary>Registers what runs workflows.</summary>
public static class RunServices
{
    /// <summary>Adds what runs workflows over an <see cref="IWorkflowStore"/>, an <see cref="IDefinitionStore"/> and <see cref="Scripts.IScripts"/>.</summary>
    public static IServiceCollection AddWorkflowRuns(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WorkflowSettings>();
        services.TryAddSingleton<WorkflowSignals>();
        services.TryAddSingleton<Wake>();
        services.TryAddSingleton<Visits>();
        services.TryAddSingleton<WorkerQueues>();
        services.TryAddSingleton<TaskLimits>();
        services.TryAddSingleton<DecisionContext>();
        services.TryAddSingleton<StartRequests>();
        services.TryAddSingleton<Executions>();
        services.TryAddSingleton(provider => new WorkflowRuns(
            provider.GetRequiredService<IWorkflowStore>(), provider.GetRequiredService<IDefinitionStore>(), provider.GetRequiredService<StartRequests>(), provider.GetRequiredService<Executions>(), provider.GetRequiredService<DecisionContext>(),
            provider.GetRequiredService<WorkflowSignals>(), provider.GetRequiredService<WorkflowSettings>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new TaskRuns(
            provider.GetRequiredService<IWorkflowStore>(), provider.GetRequiredService<Executions>(), provider.GetRequiredService<WorkerQueues>(), provider.GetRequiredService<Visits>(),
            provider.GetRequiredService<DecisionContext>(), provider.GetRequiredService<TaskLimits>(), provider.GetRequiredService<WorkflowSettings>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ITaskWakes, TaskWakes>();
        services.AddSingleton<ISystemTask>(provider => new SubWorkflowTask(provider.GetRequiredService<WorkflowRuns>));
        services.AddSingleton<ISystemTask>(provider => new StartWorkflowTask(provider.GetRequiredService<WorkflowRuns>));
        services.AddHostedService<WorkflowRunner>();
        return services;
    }
}
