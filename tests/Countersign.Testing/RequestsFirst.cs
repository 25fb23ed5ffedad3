using Microsoft.Extensions.Hosting;

namespace Countersign.Testing;

/// <summary>What a real server does when it stops, and the one in memory does not: it ends the requests that it has before the services that they use.</summary>
internal sealed class RequestsFirst : IHostedService
{
    /// <summary>Done once the requests are answered.</summary>
    public Task Answered { get; set; } = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAny(Answered, Task.Delay(Timeout.Infinite, cancellationToken));
}
