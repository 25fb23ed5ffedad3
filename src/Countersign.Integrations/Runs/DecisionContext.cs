using System.Collections.Frozen;
using System.Security.Cryptography;
using Countersign.Integrations.Scripts;
using Countersign.Integrations.Secrets;
using Countersign.Integrations.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Integrations.Runs;

/// <summary>What decisions look at beside the execution: task definitions and the environment, each at most a second old; time and chance.</summary>
internal sealed class DecisionContext(IDefinitionStore definitions, IScripts scripts, Visits visits, IServiceProvider services, TimeProvider clock)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1);

    private readonly Lazy<IEnvironmentStore?> _environments = new(services.GetService<IEnvironmentStore>);
    private volatile Remembrance? _environment;

    /// <summary>The inputs of a decision made now.</summary>
    public async ValueTask<DecisionInputs> CurrentAsync(IReadOnlyDictionary<string, EndedChild> endedChildren, CancellationToken cancellationToken)
    {
        var tasks = await definitions.TaskDefinitionsAsync(cancellationToken);
        var environment = await EnvironmentAsync(cancellationToken);
        return new DecisionInputs
        {
            Now = clock.GetUtcNow(),
            TaskDefinitionOf = tasks.GetValueOrDefault,
            EnvironmentOf = environment.GetValueOrDefault,
            EndedChildren = endedChildren,
            Random = NextDouble,
            Scripts = scripts,
            IsRepeatable = visits.IsRepeatable,
        };
    }

    // What an expression comes to is stored and shown: secret values are no part of it.
    private async ValueTask<FrozenDictionary<string, string?>> EnvironmentAsync(CancellationToken cancellationToken)
    {
        if (_environments.Value is not { } environments) return FrozenDictionary<string, string?>.Empty;
        if (_environment is { } known && clock.GetElapsedTime(known.At) < Remembered) return known.Variables;
        var at = clock.GetTimestamp();
        var found = await environments.FindAsync(IEnvironmentStore.DefaultId, cancellationToken);
        var variables = found?.Variables.Where(variable => !variable.IsSecret).ToFrozenDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal) ?? FrozenDictionary<string, string?>.Empty;
        _environment = new Remembrance(variables, at);
        return variables;
    }

    private static double NextDouble() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;

    private sealed record Remembrance(FrozenDictionary<string, string?> Variables, long At);
}
