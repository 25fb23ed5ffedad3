using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Countersign.Server.OpenApi;

/// <summary>What the description says of the API as a whole.</summary>
internal static class DocumentDescription
{
    /// <summary>The name of the security scheme: an API token in the <c>Authorization</c> header.</summary>
    public const string Token = "SSWS";

    public static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Countersign",
            Version = typeof(DocumentDescription).Assembly.GetName().Version!.ToString(3),
            Description = "Self-hosted multi-factor authentication: enroll a person's factors, challenge them, and verify the answer. "
                + "The paths under `/api/v1` are those that Okta's clients speak.",
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "This server" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Token] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "Authorization",
                Description = "An API token, written `SSWS <token>`. The scopes that an operation names are those that the token must have.",
            },
        };
        return Task.CompletedTask;
    }
}
