using System.CommandLine;
using Countersign.Sealing;

namespace Countersign.Server.CommandLine;

/// <summary><c>countersign keys …</c>: the keys that seal secrets.</summary>
internal static class KeyCommands
{
    public static Command Command(CommandStore store)
    {
        var rotate = new Command("rotate", "Makes a new data key and seals every secret anew under it, while servers run. Broken off, it is finished by running it again.");
        rotate.SetAction((_, cancellationToken) => store.RunAsync(async services =>
        {
            var done = await services.GetRequiredService<IKeyRotation>().RotateAsync(Console.Error.WriteLine, cancellationToken);
            await Console.Out.WriteLineAsync($"Secrets are sealed under key {done.Key}: those of {done.Secrets} users, hooks, messages and hardware tokens were sealed anew, {done.Removed} old keys were removed.");
            return 0;
        }));
        return new Command("keys", "Rotate the keys that seal secrets.") { rotate };
    }
}
