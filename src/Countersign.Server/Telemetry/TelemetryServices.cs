namespace Countersign.Server.Telemetry;

/// <summary>Measurements and traces for whoever asks; while nobody does, they cost nothing.</summary>
internal static class TelemetryServices
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PrometheusEndpoint>();
        if (!string.IsNullOrEmpty(builder.Configuration[OtlpExport.Endpoint])) builder.Services.AddHostedService<OtlpExport>();
    }

    public static void MapMetrics(this IEndpointRouteBuilder routes)
        => routes.MapGet("/metrics", (RequestDelegate)(http => http.RequestServices.GetRequiredService<PrometheusEndpoint>().AnswerAsync(http))).ExcludeFromDescription();
}
