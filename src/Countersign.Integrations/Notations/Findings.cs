namespace Countersign.Integrations.Notations;

/// <summary>What was found while something was read: faults refuse it, warnings go with it. Both are bounded.</summary>
internal sealed class Findings
{
    private const int Most = 20;

    /// <summary>What keeps it from being read.</summary>
    public List<string> Faults { get; } = [];
    /// <summary>What is read otherwise than it stands there.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Notes a fault.</summary>
    public void Fault(string fault) => Add(Faults, fault);

    /// <summary>Notes a warning.</summary>
    public void Warn(string warning) => Add(Warnings, warning);

    /// <summary>A text of the command as a message shows it.</summary>
    public static string Shown(string text) => text.Length > 60 ? text[..(char.IsHighSurrogate(text[59]) ? 59 : 60)] + "…" : text;

    private static void Add(List<string> list, string finding)
    {
        if (list.Count < Most && !list.Contains(finding, StringComparer.Ordinal)) list.Add(finding);
    }
}
