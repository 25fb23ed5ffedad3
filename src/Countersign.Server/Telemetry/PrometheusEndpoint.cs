using Countersign.Server.Errors;
using Countersign.Server.Requests;
using Countersign.Server.Settings;
using OpenTelemetry.Metrics;

namespace Countersign.Server.Telemetry;

/// <summary>
/// <c>/metrics</c>. Measuring begins with the first reading: until then nobody listens, and the instruments cost nothing.
/// </summary>
internal sealed class PrometheusEndpoint(IServiceProvider services, MetricsSettings settings) : IDisposable
{
    private readonly Lock _beginning = new();
    private MeterProvider? _meters;
    private RequestDelegate? _answer;

    /// <summary>Answers a reading from an allowed address; to others there is nothing here.</summary>
    public Task AnswerAsync(HttpContext http)
    {
        // Over a Unix socket there is no address: who can open it is on this machine.
        var client = ClientAddress.Of(http);
        return client is null || settings.AllowedNetworks.Any(network => network.Contains(client))
            ? Begin()(http) : ApiErrors.PathNotFound.ToResult().ExecuteAsync(http);
    }

    public void Dispose() => _meters?.Dispose();

    private RequestDelegate Begin()
    {
        if (Volatile.Read(ref _answer) is { } answer) return answer;
        lock (_beginning)
        {
            if (_answer is { } begun) return begun;
            _meters = OpenTelemetrySetup.Measure(meters => meters.AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0));
            var branch = new ApplicationBuilder(services);
            branch.UseOpenTelemetryPrometheusScrapingEndpoint(_meters, _ => true, path: null, configureBranchedPipeline: null, optionsName: null);
            Volatile.Write(ref _answer, branch.Build());
            return _answer!;
        }
    }
}
