using Countersign.Server.Json;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Countersign.Server.OpenApi;

/// <summary>
/// The API's own description: <c>/openapi/v1.json</c>, made from the endpoints and their comments when it is first asked for, and a page at <c>/docs</c> that
/// shows it and loads nothing from anywhere else.
/// </summary>
internal static class ApiDescription
{
    public const string Version = "v1";

    private const string Policy = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'";

    public static void AddApiDescription(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DescriptionDocument>();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(1, ShapeJson.Default);
        });
        builder.Services.AddOpenApi(Version, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = type => Shapes.NameOf(type.Type);
            options.AddDocumentTransformer(DocumentDescription.Describe);
            options.AddSchemaTransformer(SchemaDescription.Describe);
            options.AddOperationTransformer(OperationDescription.DescribeAsync);
        });
    }

    public static void MapApiDescription(this WebApplication app)
    {
        app.MapGet($"/openapi/{Version}.json", DescriptionDocument.AnswerAsync).ExcludeFromDescription();
        app.MapScalarApiReference("/docs", page => page
            .WithTitle("Countersign API")
            .WithOpenApiRoutePattern($"/openapi/{Version}.json")
            .DisableDefaultFonts()
            .DisableTelemetry()
            .HideClientButton()
            .HideDeveloperTools()
            .DisableAgent()
            .DisableMcp()
            .AddPreferredSecuritySchemes(DocumentDescription.Token)).ExcludeFromDescription().Finally(KeepToItself);
    }

    /// <summary>The page's own promise not to load anything from elsewhere, made to the browser too.</summary>
    private static void KeepToItself(EndpointBuilder endpoint)
    {
        if (endpoint.RequestDelegate is not { } answer) return;
        endpoint.RequestDelegate = http =>
        {
            http.Response.Headers.ContentSecurityPolicy = Policy;
            return answer(http);
        };
    }
}
