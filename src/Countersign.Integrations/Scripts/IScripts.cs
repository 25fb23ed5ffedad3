using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Scripts;

/// <summary>Runs JavaScript of definitions, within limits of time, memory and steps (workflow contract 1.5); no host objects, files, network or timers. Thread-safe.</summary>
public interface IScripts
{
    /// <summary>Evaluates a script to its completion value.</summary>
    /// <param name="script">The script.</param>
    /// <param name="input">What it sees as <c>$</c>: an object.</param>
    ScriptResult Evaluate(string script, JsonElement input);
}

/// <summary>What a script came to.</summary>
/// <param name="Value">Its completion value as JSON; <c>undefined</c> is null.</param>
/// <param name="Error">Why there is none: one sentence, with the line; null when it succeeded.</param>
public readonly record struct ScriptResult(JsonElement Value, string? Error)
{
    /// <summary>Whether the value counts as true in JavaScript.</summary>
    public bool IsTruthy => Error is null && Value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.Object or JsonValueKind.Array => true,
        JsonValueKind.String => Value.GetString() is { Length: > 0 },
        JsonValueKind.Number => Value.GetDouble() is not 0,
        _ => false,
    };

    /// <summary>The result of a script that failed.</summary>
    /// <param name="why">Why: one sentence.</param>
    public static ScriptResult Failed(string why) => new(JsonBuilder.Null, why);
}
