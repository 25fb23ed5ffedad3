namespace Countersign.Console.Editing;

/// <summary>Something wrong with a stretch of a text. Lines and columns count from 1; the end is exclusive.</summary>
/// <param name="Line">Where it begins.</param>
/// <param name="Column">Where it begins in that line.</param>
/// <param name="EndLine">Where it ends.</param>
/// <param name="EndColumn">Where it ends in that line.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="IsWarning">Whether it may stay.</param>
public sealed record CodeMarker(int Line, int Column, int EndLine, int EndColumn, string Message, bool IsWarning = false);
