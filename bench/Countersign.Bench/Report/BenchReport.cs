using System.Text;

namespace Countersign.Bench.Report;

/// <summary>Everything the run has to say, in Markdown: shown as it comes, and kept in a file.</summary>
internal sealed class BenchReport(TextWriter screen)
{
    private readonly StringBuilder _text = new();
    private readonly List<string> _faults = [];
    private readonly List<Goal> _goals = [];

    public bool HasFaults => _faults.Count > 0;

    public void Heading(string text) => Write($"\n## {text}\n");

    public void Say(string text) => Write(text);

    public void Table(MarkdownTable table) => Write($"\n{table}");

    /// <summary>Something that makes the figures wrong: it is said at once, and again at the end.</summary>
    public void Fault(string text)
    {
        _faults.Add(text);
        Write($"**FAULT** {text}");
    }

    public void Check(Goal goal) => _goals.Add(goal);

    public void Conclude()
    {
        if (_goals.Count > 0)
        {
            Heading("Against what was asked for");
            var table = new MarkdownTable("", "seen", "asked for", "");
            foreach (var goal in _goals) table.Row(goal.Subject, goal.Seen, goal.Asked, goal.IsMet ? "met" : "**short**");
            Table(table);
        }
        if (HasFaults)
        {
            Heading($"{_faults.Count} faults: these figures must not be believed");
            foreach (var fault in _faults) Write($"- {fault}");
        }
    }

    public override string ToString() => _text.ToString();

    private void Write(string text)
    {
        _text.AppendLine(text);
        screen.WriteLine(text);
    }
}
