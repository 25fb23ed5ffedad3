namespace Countersign.Console.Api;

/// <summary>A part of a list.</summary>
/// <param name="Items">The entries, in the server's order.</param>
/// <param name="Next">Path of the page after this one; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
