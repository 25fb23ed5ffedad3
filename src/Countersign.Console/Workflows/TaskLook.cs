namespace Countersign.Console.Workflows;

/// <summary>How a task of an execution looks in the diagram.</summary>
/// <param name="Class">The style of its status.</param>
/// <param name="Words">Its status and what else counts, as <c>Completed · 3×</c>.</param>
public sealed record TaskLook(string Class, string Words);
