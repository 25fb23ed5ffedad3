using System.Collections.Immutable;
using Countersign.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Countersign.Server.Telemetry;

/// <summary>What is measured and traced, in OpenTelemetry's terms.</summary>
internal static class OpenTelemetrySetup
{
    private static readonly ImmutableArray<string> Meters =
        [TelemetryNames.Countersign, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql"];

    private static readonly ImmutableArray<string> Sources = [TelemetryNames.Countersign, "Npgsql"];

    public static MeterProvider Measure(Action<MeterProviderBuilder> export)
    {
        var builder = Sdk.CreateMeterProviderBuilder().ConfigureResource(Describe).AddMeter([.. Meters]);
        export(builder);
        return builder.Build();
    }

    public static TracerProvider Trace(Action<TracerProviderBuilder> export)
    {
        var builder = Sdk.CreateTracerProviderBuilder().ConfigureResource(Describe).AddAspNetCoreInstrumentation().AddSource([.. Sources]);
        export(builder);
        return builder.Build();
    }

    private static void Describe(ResourceBuilder resource) => resource
        .AddService("countersign", serviceVersion: typeof(OpenTelemetrySetup).Assembly.GetName().Version?.ToString(3))
        .AddEnvironmentVariableDetector();
}
