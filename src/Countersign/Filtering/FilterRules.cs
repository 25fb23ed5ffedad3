namespace Countersign.Filtering;

/// <summary>The operators of the filter grammar (contract 5); as flags, a set of them.</summary>
[Flags]
public enum FilterOperators
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary><c>eq</c></summary>
    Equal = 1,
    /// <summary><c>ne</c></summary>
    NotEqual = 2,
    /// <summary><c>gt</c></summary>
    Greater = 4,
    /// <summary><c>ge</c></summary>
    GreaterOrEqual = 8,
    /// <summary><c>lt</c></summary>
    Less = 16,
    /// <summary><c>le</c></summary>
    LessOrEqual = 32,
    /// <summary><c>sw</c></summary>
    StartsWith = 64,
    /// <summary><c>co</c></summary>
    Contains = 128,
    /// <summary><c>ew</c></summary>
    EndsWith = 256,
    /// <summary><c>pr</c>: has a value.</summary>
    Present = 512,
    /// <summary><c>gt ge lt le</c></summary>
    Order = Greater | GreaterOrEqual | Less | LessOrEqual,
    /// <summary>Every operator.</summary>
    All = Equal | NotEqual | Order | StartsWith | Contains | EndsWith | Present,
}

/// <summary>What may be asked of one attribute.</summary>
/// <param name="Operators">The operators that it knows.</param>
/// <param name="IsDate">Whether its values are dates.</param>
/// <param name="IgnoresCase">Whether its values are compared without regard to case; then they are in lower case.</param>
public readonly record struct FilterAttribute(FilterOperators Operators, bool IsDate = false, bool IgnoresCase = false);

/// <summary>What a resource's filters may say.</summary>
/// <param name="Find">The attribute of a name, compared with regard to case; null when there is none.</param>
/// <param name="AllowsNot">Whether <c>not</c> may be used.</param>
public sealed record FilterRules(Func<string, FilterAttribute?> Find, bool AllowsNot = false);

/// <summary>Why a filter was refused.</summary>
public enum FilterFault
{
    /// <summary>It was not.</summary>
    None,
    /// <summary>It does not follow the grammar, or is too large.</summary>
    Unparsable,
    /// <summary>It uses an attribute, or an operator on an attribute, that the resource does not know.</summary>
    Unsupported,
    /// <summary>A date is compared with something that is none.</summary>
    InvalidDate,
}
