using System.Globalization;
using Countersign.Server.Requests;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Countersign.Server.OpenApi;

/// <summary>What follows for every operation from its endpoint's metadata: parameters, body, permission and errors.</summary>
internal static class OperationDescription
{
    private static readonly Dictionary<string, string> PathParameters = new(StringComparer.Ordinal)
    {
        ["userId"] = "The user's id or login, or `me` for the owner of the token.",
        ["factorId"] = "The factor's id.",
        ["name"] = "The organization factor's name, for example `google_otp`.",
        ["profileId"] = "The profile's id.",
        ["inlineHookId"] = "The inline hook's id.",
        ["eventHookId"] = "The event hook's id.",
        ["testRequestId"] = "The test request's id.",
        ["secretName"] = "The secret's name.",
        ["environmentId"] = "The environment's id.",
        ["tokenId"] = "The token's id.",
        ["transactionId"] = "The transaction's id, from the link `poll` of the challenge.",
        ["token"] = "The token in the link of the picture.",
        ["api"] = "The API's id in the catalog.",
        ["method"] = "The HTTP method, in lower case.",
        ["slug"] = "The last part of the operation's id.",
        ["importId"] = "The import's id.",
    };

    private static readonly (int Status, string Description, Func<OperationDescribed, bool> Applies)[] Errors =
    [
        (400, "The request is not valid.", operation => operation.TakesInput),
        (401, "The token is missing, unknown or expired (`E0000011`).", operation => operation.NeedsToken),
        (403, "Refused: the token lacks the scope (`E0000006`), the answer is wrong (`E0000068`), or the state of the user or factor forbids it.", operation => operation.NeedsToken),
        (404, "There is no such thing (`E0000007`).", operation => operation.HasPathParameters),
        (413, "The body is too large.", operation => operation.HasBody),
        (429, "Too many requests or tries (`E0000047`). `X-Rate-Limit-Reset` says when the next will be heard.", _ => true),
        (500, "Something went wrong here (`E0000009`); nothing was changed.", _ => true),
        (503, "The change could not be made durable (`E0000010`); nothing was changed.", operation => operation.Changes),
    ];

    public static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (operation.Summary is { } summary) operation.Summary = SchemaDescription.WithoutSources(summary).TrimEnd('.');
        var needsToken = !metadata.OfType<NoToken>().Any();
        AddParameters(operation, metadata.OfType<DescribedParameter>());
        DescribeBody(operation);
        if (needsToken) RequireToken(operation, context, metadata.OfType<RequiredScope>().LastOrDefault()?.Scope);
        var described = new OperationDescribed(operation, needsToken, context.Description.HttpMethod);
        var error = await context.GetOrCreateSchemaAsync(typeof(ErrorShape), null, cancellationToken);
        context.Document!.AddComponent(Shapes.NameOf(typeof(ErrorShape))!, error);
        operation.Responses ??= [];
        foreach (var (status, description, applies) in Errors)
            if (applies(described)) operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = ErrorResponse(description, context.Document!);
    }

    private static void AddParameters(OpenApiOperation operation, IEnumerable<DescribedParameter> described)
    {
        operation.Parameters ??= [];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
            if (parameter.In == ParameterLocation.Path && PathParameters.TryGetValue(parameter.Name!, out var description)) parameter.Description ??= description;
        foreach (var parameter in described) operation.Parameters.Add(parameter.ToOpenApi());
    }

    /// <summary>Bodies are read whatever their content type says; what is meant is JSON.</summary>
    private static void DescribeBody(OpenApiOperation operation)
    {
        if (operation.RequestBody is not OpenApiRequestBody { Content: { } content } body || !content.Remove("*/*", out var any)) return;
        content["application/json"] = any;
        body.Required = false;
    }

    private static void RequireToken(OpenApiOperation operation, OpenApiOperationTransformerContext context, string? scope)
    {
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(DocumentDescription.Token, context.Document)] = scope is null ? [] : [scope] }];
        operation.Description = string.Join("\n\n", new[] { operation.Description, scope is null ? "Any token will do." : $"Scope: `{scope}`." }.Where(text => !string.IsNullOrEmpty(text)));
    }

    private static OpenApiResponse ErrorResponse(string description, OpenApiDocument document) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/json"] = new() { Schema = new OpenApiSchemaReference(Shapes.NameOf(typeof(ErrorShape))!, document) },
        },
    };

    private sealed record OperationDescribed(OpenApiOperation Operation, bool NeedsToken, string? Method)
    {
        public bool HasBody => Operation.RequestBody is not null;
        public bool HasPathParameters => Operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Path) == true;
        public bool TakesInput => HasBody || Operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Query) == true;
        public bool Changes => Method != HttpMethods.Get;
    }
}
