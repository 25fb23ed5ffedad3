namespace Countersign.Factors;

/// <summary>Identifies one factor of one user for its whole life (contract 1.3); never reused.</summary>
public readonly record struct FactorId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
