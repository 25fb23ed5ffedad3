using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Secrets;

/// <summary>Puts secrets into what is about to be carried out, at the last moment and in memory alone (workflow contract 5.3). Thread-safe.</summary>
public sealed class SecretFiller(ISecretStore secrets)
{
    /// <summary>Fills the expressions of secrets in an input.</summary>
    /// <param name="input">The input, its other expressions evaluated.</param>
    /// <param name="template">The template that it was made from: a secret that it does not name is never put in, whatever the data says.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<FilledInput> FillAsync(JsonElement input, JsonElement template, CancellationToken cancellationToken)
    {
        var names = SecretExpressions.NamesIn(template);
        if (names.Count == 0) return new FilledInput(input, [], []);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
            if (await secrets.FindAsync(name, cancellationToken).ConfigureAwait(false) is { } value) values[name] = value;
        var filled = SecretExpressions.Fill(input, names, values.GetValueOrDefault);
        var putIn = values.Values.SelectMany(Scrubber.ValuesOf).Distinct(StringComparer.Ordinal).ToImmutableArray();
        var fault = filled.Missing.Count > 0 ? $"There is no secret {string.Join(", ", filled.Missing)}: an administrator can store it." : filled.Error;
        return new FilledInput(filled.Value, [.. filled.Missing], putIn) { Fault = fault };
    }
}

/// <summary>An input with its secrets put in: to be forgotten at once.</summary>
/// <param name="Value">The input.</param>
/// <param name="Missing">Names of secrets that there are none of.</param>
/// <param name="Values">The values that may stand in it, for the <see cref="Scrubber"/>.</param>
public sealed record FilledInput(JsonElement Value, ImmutableArray<string> Missing, ImmutableArray<string> Values)
{
    /// <summary>Why it cannot be used, as one sentence that names the secret; null when it can.</summary>
    public string? Fault { get; init; }
}
