using System.Runtime.InteropServices;
using Countersign.Server.Settings;

namespace Countersign.Server.Shutdown;

/// <summary>
/// Stopping: the first signal lets what was accepted be answered (the host does that), after the delay in which only readiness has gone down; the second ends the
/// process at once. What was acknowledged is durable either way.
/// </summary>
internal sealed class ShutdownSignals(ShutdownSettings settings, TimeProvider clock, ILogger<ShutdownSignals> logger) : IHostedLifecycleService, IDisposable
{
    // A shell reports a process that a signal ended as 128 and the signal's number.
    private static readonly (PosixSignal Signal, int ExitCode)[] Signals = [(PosixSignal.SIGINT, 130), (PosixSignal.SIGTERM, 143)];

    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _received;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _registrations.AddRange(Signals.Select(signal => PosixSignalRegistration.Create(signal.Signal, _ => Receive(signal.ExitCode))));
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        logger.LogInformation(EventIds.Stopping, "Stopping: requests in progress are answered first; a second signal ends the process at once");
        return settings.Delay > TimeSpan.Zero ? Task.Delay(settings.Delay, clock, cancellationToken) : Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    private void Receive(int exitCode)
    {
        if (Interlocked.Increment(ref _received) > 1) Environment.Exit(exitCode);
    }
}
