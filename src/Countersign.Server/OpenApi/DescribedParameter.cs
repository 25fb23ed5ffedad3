using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Countersign.Server.OpenApi;

/// <summary>A query parameter or header that an endpoint reads by itself, for the API's description.</summary>
internal sealed record DescribedParameter(ParameterLocation In, string Name, JsonSchemaType Type, string Description, JsonNode? Default = null, int? Least = null, int? Most = null, bool IsRequired = false)
{
    public OpenApiParameter ToOpenApi() => new()
    {
        In = In,
        Name = Name,
        Description = Description,
        Required = IsRequired,
        Schema = new OpenApiSchema { Type = Type, Default = Default, Minimum = Least?.ToString(), Maximum = Most?.ToString() },
    };
}

internal static class DescribedParameters
{
    /// <summary>Describes a query parameter: a text.</summary>
    public static RouteHandlerBuilder TakesQuery(this RouteHandlerBuilder builder, string name, string description)
        => builder.WithMetadata(new DescribedParameter(ParameterLocation.Query, name, JsonSchemaType.String, description));

    /// <summary>Describes a query parameter: <c>true</c> or <c>false</c>, the latter when absent.</summary>
    public static RouteHandlerBuilder TakesFlag(this RouteHandlerBuilder builder, string name, string description)
        => builder.WithMetadata(new DescribedParameter(ParameterLocation.Query, name, JsonSchemaType.Boolean, description, false));

    /// <summary>Describes a query parameter: a whole number.</summary>
    public static RouteHandlerBuilder TakesNumber(this RouteHandlerBuilder builder, string name, string description, int least, int most, int? whenAbsent = null)
        => builder.WithMetadata(new DescribedParameter(ParameterLocation.Query, name, JsonSchemaType.Integer, description, whenAbsent, least, most));

    /// <summary>Describes a header.</summary>
    public static RouteHandlerBuilder TakesHeader(this RouteHandlerBuilder builder, string name, string description)
        => builder.WithMetadata(new DescribedParameter(ParameterLocation.Header, name, JsonSchemaType.String, description));

    /// <summary>Describes a header that says what the body is.</summary>
    public static RouteHandlerBuilder TakesContentType(this RouteHandlerBuilder builder, string usual, string description)
        => builder.WithMetadata(new DescribedParameter(ParameterLocation.Header, "Content-Type", JsonSchemaType.String, description, usual, IsRequired: true));

    /// <summary>Describes what is answered when all is well.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder builder, int status = StatusCodes.Status200OK) => builder.Produces<T>(status, "application/json");

    /// <summary>Describes that nothing is answered when all is well.</summary>
    public static RouteHandlerBuilder AnswersNothing(this RouteHandlerBuilder builder) => builder.Produces(StatusCodes.Status204NoContent);
}
