using System.CommandLine;

namespace Countersign.Server.CommandLine;

/// <summary>
/// Countersign's command line. Commands work on the store, also while servers do, with the same settings as they: from the environment, from <c>appsettings.json</c>, or as
/// <c>--Countersign:Name value</c>. Without a command the program is the server.
/// </summary>
internal static class Commands
{
    // A worker that is told to stop ends what it has begun.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);
    private static readonly string[] Asking = ["--help", "-h", "-?", "--version"];

    /// <summary>Whether the arguments name a command, or ask for help. Anything else is for the server.</summary>
    public static bool AreIn(string[] args) => args is [var first, ..] && (first is "token" or "keys" or "log" or "import" or "catalog" or "worker" or "scripts" || Asking.Contains(first, StringComparer.Ordinal));

    /// <summary>Runs the command that the arguments name.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        var (settings, words) = Split(args);
        var store = new CommandStore(settings);
        var root = new RootCommand("Countersign: multi-factor authentication. Without a command, the server is started.")
        {
            TokenCommands.Command(store),
            KeyCommands.Command(store),
            LogCommands.Command(store),
            ImportCommands.Command(store),
            CatalogCommands.Command(store),
            WorkerCommands.Command(),
            ScriptCommands.Command(),
        };
        return root.Parse(words).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = LongestStop });
    }

    /// <summary>Takes the settings out of the arguments.</summary>
    private static (string[] Settings, string[] Words) Split(string[] args)
    {
        var (settings, words) = (new List<string>(), new List<string>());
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--Countersign:", StringComparison.OrdinalIgnoreCase) && !args[i].StartsWith("--ConnectionStrings:", StringComparison.OrdinalIgnoreCase)) words.Add(args[i]);
            else if (args[i].Contains('=', StringComparison.Ordinal) || i + 1 == args.Length) settings.Add(args[i]);
            else settings.AddRange([args[i], args[++i]]);
        }
        return ([.. settings], [.. words]);
    }
}
