namespace Countersign.Console.Editing;

/// <summary>One way to go on typing.</summary>
/// <param name="Insert">What is put in.</param>
/// <param name="ReplaceLength">How many characters before the cursor it takes the place of.</param>
/// <param name="Detail">A few quiet words beside it.</param>
/// <param name="Documentation">What it means, as plain text.</param>
public sealed record CodeCompletion(string Insert, int ReplaceLength = 0, string? Detail = null, string? Documentation = null);

/// <summary>Where somebody types.</summary>
/// <param name="Text">The whole text.</param>
/// <param name="Offset">How many characters stand before the cursor.</param>
public readonly record struct CompletionPlace(string Text, int Offset);
