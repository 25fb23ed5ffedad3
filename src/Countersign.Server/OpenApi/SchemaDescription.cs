using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Countersign.Server.OpenApi;

/// <summary>What the description says of a type, where its comments and properties do not say it right by themselves.</summary>
internal static partial class SchemaDescription
{
    public static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (schema.Description is { } description) schema.Description = WithoutSources(description);
        // A text with a converter of its own: some clients send it as a number.
        if (schema.Type is null && context.JsonPropertyInfo?.PropertyType == typeof(string)) schema.Type = JsonSchemaType.String | JsonSchemaType.Integer | JsonSchemaType.Null;
        return Task.CompletedTask;
    }

    /// <summary>A comment without the clauses of the contract that it rests on: those are for whoever reads the code.</summary>
    public static string WithoutSources(string comment) => Source().Replace(comment, "");

    [GeneratedRegex(@" \((contract|architecture) [^)]*\)")]
    private static partial Regex Source();
}
