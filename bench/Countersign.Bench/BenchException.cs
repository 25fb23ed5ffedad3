namespace Countersign.Bench;

/// <summary>The bench cannot go on: a program would not start, or a tool failed.</summary>
internal sealed class BenchException(string message) : Exception(message);
