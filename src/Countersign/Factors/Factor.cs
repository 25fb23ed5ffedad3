namespace Countersign.Factors;

/// <summary>One enrolled factor of one user, as stored. What is particular to its kind is in <see cref="Data"/>, which only that kind reads.</summary>
public sealed record Factor
{
    /// <summary>The factor's id.</summary>
    public required FactorId Id { get; init; }
    /// <summary>The contract's factor type, for example <c>token:software:totp</c>.</summary>
    public required string FactorType { get; init; }
    /// <summary>The contract's provider, for example <c>GOOGLE</c>.</summary>
    public required string Provider { get; init; }
    /// <summary>Where the factor stands.</summary>
    public required FactorStatus Status { get; init; }
    /// <summary>When it was enrolled; whole seconds.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>When it last changed in a way that its owner would call a change; whole seconds.</summary>
    public required DateTimeOffset LastUpdated { get; init; }
    /// <summary>The kind's own state: a JSON object in UTF-8, secrets in it sealed.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }
}
