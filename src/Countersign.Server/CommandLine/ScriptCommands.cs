using System.CommandLine;
using Countersign.Integrations.Scripts;

namespace Countersign.Server.CommandLine;

/// <summary><c>countersign scripts</c>: what the server starts for itself to run the scripts of workflows in.</summary>
internal static class ScriptCommands
{
    private const string Name = "scripts";

    /// <summary>Starts this program once more as that.</summary>
    public static ScriptCommand OfThisProgram
    {
        get
        {
            var program = typeof(ScriptCommands).Assembly.GetName().Name!;
            var running = Environment.ProcessPath;
            return Path.GetFileNameWithoutExtension(running) == program
                ? new ScriptCommand(running!, [Name])
                : new ScriptCommand(Path.GetFileNameWithoutExtension(running) == "dotnet" ? running! : "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, $"{program}.dll"), Name]);
        }
    }

    public static Command Command()
    {
        var command = new Command(Name, "Runs scripts of workflows; the server starts it for itself.") { Hidden = true };
        command.SetAction(_ =>
        {
            using var requests = Console.OpenStandardInput();
            using var answers = Console.OpenStandardOutput();
            ScriptHost.Run(requests, answers);
            return 0;
        });
        return command;
    }
}
