namespace Countersign.Bench.Processes;

/// <summary>How a program is started, and the file its output is added to.</summary>
internal sealed record Launch(string Program, string[] Arguments, Dictionary<string, string> Environment, string WorkingDirectory, string Log);
