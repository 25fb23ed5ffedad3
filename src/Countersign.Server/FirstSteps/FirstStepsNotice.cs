using Countersign.Server.FirstRun;
using Countersign.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Countersign.Server.FirstSteps;

/// <summary>Tells the person who started the server where it is, how to get in, and what to try first.</summary>
internal sealed class FirstStepsNotice(IServer server, DemoUser demo, FirstStepsSettings settings, StorageSettings storage, IConfiguration configuration) : IHostedLifecycleService
{
    /// <summary>Called once the server listens.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var passcode = settings.DemoUser ? await demo.NextPasscodeAsync(cancellationToken) : null;
        if (settings.Notice) await Console.Out.WriteLineAsync(Text(BaseUrl(), Token(), passcode));
    }

    /// <summary>The notice. The request stands on one line, so that it can be copied whole.</summary>
    internal static string Text(string baseUrl, string? token, DemoPasscode? passcode)
    {
        var text = $"""

            Countersign is running; Ctrl+C stops it.

              Console              {baseUrl}/console
              API documentation    {baseUrl}/docs
              Administrator token  {token ?? "the one that was set or made before; it is not kept here"}

            """;
        if (passcode is null) return text;
        return text + $$"""

            Verify a passcode of the demo user. It is accepted once, until {{passcode.Until.UtcDateTime:HH:mm:ss}} UTC:

            curl -X POST '{{baseUrl}}/api/v1/users/{{DemoUser.Login}}/factors/{{passcode.Factor}}/verify' -H 'Authorization: SSWS {{token ?? "TOKEN"}}' -H 'Content-Type: application/json' -d '{"passCode":"{{passcode.Passcode}}"}'

            An authenticator app with the secret {{passcode.Secret}} shows the passcodes that follow.

            """;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string BaseUrl()
    {
        var address = configuration["Countersign:PublicUrl"] ?? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://127.0.0.1:8080";
        return address.TrimEnd('/').Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal).Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal);
    }

    private string? Token()
    {
        var file = TokenFile.PathIn(storage.DataDirectory);
        return configuration["Countersign:BootstrapToken"] is { Length: > 0 } configured ? configured : File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }
}
