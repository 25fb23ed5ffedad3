using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Countersign.Server.Telemetry;

/// <summary>Sends measurements and traces to the collector that OpenTelemetry's own environment variables name, and is not there when they name none.</summary>
internal sealed class OtlpExport : IHostedService, IDisposable
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private MeterProvider? _meters;
    private TracerProvider? _tracers;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _meters = OpenTelemetrySetup.Measure(meters => meters.AddOtlpExporter());
        _tracers = OpenTelemetrySetup.Trace(tracers => tracers.AddOtlpExporter());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends what is still waiting.</summary>
    public void Dispose()
    {
        _tracers?.Dispose();
        _meters?.Dispose();
    }
}
