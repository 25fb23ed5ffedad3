using System.Text;

namespace Countersign.Bench.Report;

/// <summary>A table whose columns line up in a terminal too; the first column is text, the others lean right.</summary>
internal sealed class MarkdownTable(params string[] header)
{
    private readonly List<string[]> _rows = [];

    public void Row(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        var widths = header.Select((title, column) => Math.Max(3, _rows.Append(header).Max(row => row[column].Length))).ToArray();
        var text = new StringBuilder();
        void Line(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
        string Pad(string cell, int column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]);
        Line(header.Select(Pad));
        Line(widths.Select((width, column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ":"));
        foreach (var row in _rows) Line(row.Select(Pad));
        return text.ToString();
    }
}
