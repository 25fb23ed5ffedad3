namespace Countersign.Filtering;

/// <summary>A filter as an <c>or</c> of terms that are an <c>and</c> of comparisons each: every term can be looked up in an index of its own.</summary>
public static class DisjunctiveForm
{
    /// <summary>The terms; null when there would be more than <paramref name="most"/>, or when the filter negates.</summary>
    public static IReadOnlyList<IReadOnlyList<FilterExpression.Comparison>>? Of(FilterExpression filter, int most)
    {
        switch (filter)
        {
            case FilterExpression.Comparison comparison:
                return [[comparison]];
            case FilterExpression.Or or:
                return Of(or.Left, most) is { } one && Of(or.Right, most) is { } other && one.Count + other.Count <= most ? [.. one, .. other] : null;
            case FilterExpression.And and:
                return Of(and.Left, most) is { } left && Of(and.Right, most) is { } right && left.Count * right.Count <= most
                    ? [.. left.SelectMany(_ => right, IReadOnlyList<FilterExpression.Comparison> (first, second) => [.. first, .. second])]
                    : null;
            default:
                return null;
        }
    }
}
