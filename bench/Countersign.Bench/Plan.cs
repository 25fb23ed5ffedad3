namespace Countersign.Bench;

/// <summary>What of the bench is to be run, how long and how large.</summary>
internal sealed record Plan
{
    public static readonly string[] Sections = ["sqlite", "postgres", "keys", "outbox", "push", "growth", "workflows", "peers", "race"];

    public IReadOnlySet<string> Only { get; init; } = Sections.ToHashSet();

    /// <summary>Connections of the cells beside the floor.</summary>
    public IReadOnlyList<int> Connections { get; init; } = [1, 16, 64, 256];

    /// <summary>Length of a cell.</summary>
    public int Seconds { get; init; } = 8;

    /// <summary>Users of the databases that right codes are drawn from: as many as the floor has factors.</summary>
    public int Users { get; init; } = 100_000;

    /// <summary>Users of the smaller database of the growth section.</summary>
    public int FewUsers { get; init; } = 1_000;

    /// <summary>Users of the larger one.</summary>
    public int ManyUsers { get; init; } = 1_000_000;

    /// <summary>Messages that wait while the outbox is measured.</summary>
    public int Waiting { get; init; } = 10_000;

    /// <summary>Polls that wait while checks are measured.</summary>
    public int Polls { get; init; } = 10_000;

    /// <summary>Approvals whose way to a poll on another node is timed.</summary>
    public int Approvals { get; init; } = 200;

    /// <summary>Executions that are stored while workflows are started: few.</summary>
    public int FewExecutions { get; init; } = 1_000;

    /// <summary>And many.</summary>
    public int ManyExecutions { get; init; } = 1_000_000;

    /// <summary>Rounds against the peers.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>How often the time to the first answer is measured.</summary>
    public int Starts { get; init; } = 5;

    public bool Has(string section) => Only.Contains(section);

    /// <summary>The whole bench, or one that only shows that the bench works.</summary>
    public static Plan Of(bool quick) => quick
        ? new Plan { Connections = [64], Seconds = 2, Users = 50_000, ManyUsers = 100_000, Waiting = 2_500, Polls = 1_000, Approvals = 50, ManyExecutions = 50_000, Rounds = 1, Starts = 3 }
        : new Plan();

    public static IReadOnlySet<string> ParseSections(string list)
    {
        var names = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet();
        return names.IsSubsetOf(Sections) ? names
            : throw new BenchException($"--only knows {string.Join(", ", Sections)}; '{list}' names something else");
    }
}
