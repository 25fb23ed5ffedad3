using System.CommandLine;
using System.CommandLine.Parsing;
using Countersign.Integrations.Conductor;
using Countersign.Integrations.Http;
using Countersign.Server.VerifyTask;

namespace Countersign.Server.CommandLine;

/// <summary><c>countersign worker</c>: carries out tasks of another Conductor server.</summary>
internal static class WorkerCommands
{
    /// <summary>The environment variables that secrets are better given in than on a command line, which others can read.</summary>
    public const string TokenVariable = "COUNTERSIGN_TOKEN", SecretVariable = "COUNTERSIGN_CONDUCTOR_KEY_SECRET";

    public static Command Command()
    {
        var conductor = new Option<Uri>("--conductor") { Description = "The address of the Conductor server.", Required = true, CustomParser = Address };
        var keyId = new Option<string?>("--key-id") { Description = "The id of the key that it is signed in to with." };
        var keySecret = new Option<string?>("--key-secret") { Description = $"The secret of that key; better in the environment: {SecretVariable}." };
        var server = new Option<Uri>("--server") { Description = "The address of the Countersign server whose users are verified.", DefaultValueFactory = _ => new Uri("http://127.0.0.1:8080"), CustomParser = Address };
        var token = new Option<string?>("--token") { Description = $"An API token of that server, with the scope okta.users.manage; better in the environment: {TokenVariable}." };
        var name = new Option<string>("--name") { Description = "What the worker calls itself.", DefaultValueFactory = _ => $"countersign-{Environment.MachineName}" };
        var command = new Command("worker", "Carries out the tasks COUNTERSIGN_VERIFY of another Conductor server, until it is told to stop.") { conductor, keyId, keySecret, server, token, name };
        command.Validators.Add(result =>
        {
            if (string.IsNullOrEmpty(result.GetValue(token) ?? Environment.GetEnvironmentVariable(TokenVariable))) result.AddError($"--token: an API token is needed, here or in {TokenVariable}");
            if (result.GetValue(keyId) is not null && (result.GetValue(keySecret) ?? Environment.GetEnvironmentVariable(SecretVariable)) is null) result.AddError($"--key-secret: is needed with --key-id, here or in {SecretVariable}");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            (string, string)? key = parsed.GetValue(keyId) is { } id ? (id, (parsed.GetValue(keySecret) ?? Environment.GetEnvironmentVariable(SecretVariable))!) : null;
            using var client = new ConductorClient(parsed.GetValue(conductor)!, key, VerifyWorker.LongPoll + TimeSpan.FromSeconds(40), TimeProvider.System);
            var api = FactorsApi.Connect(parsed.GetValue(server)!, (parsed.GetValue(token) ?? Environment.GetEnvironmentVariable(TokenVariable))!);
            await Console.Out.WriteLineAsync($"Polling COUNTERSIGN_VERIFY at {client.Url}");
            await new VerifyWorker(client, new WorkerTask(api, TimeProvider.System), parsed.GetValue(name)!, Console.Out, TimeProvider.System).RunAsync(cancellationToken);
            await Console.Out.WriteLineAsync("Stopped.");
            return 0;
        });
        return command;
    }

    private static Uri? Address(ArgumentResult argument)
    {
        if (argument.Tokens is [{ Value: var text }] && WebAddress.TryRead(text, out var address)) return address;
        argument.AddError($"{(argument.Parent as OptionResult)?.Option.Name}: allowed is an http or https address");
        return null;
    }
}
