namespace Countersign.Server.Requests;

/// <summary>What the pipeline must know of an endpoint before it runs.</summary>
/// <param name="Scope">The scope that a token needs (contract 2.2); null: any token.</param>
internal sealed record RequiredScope(string? Scope);

/// <summary>The group of endpoints whose rate limit counts (contract 4.1).</summary>
internal sealed record RateLimitGroup(string Name);

/// <summary>Marks an endpoint that needs no token.</summary>
internal sealed class NoToken
{
    public static readonly NoToken Instance = new();
}

internal static class ApiMetadata
{
    /// <summary>The scope that the endpoints need; null: any token will do.</summary>
    public static T RequireScope<T>(this T builder, string? scope) where T : IEndpointConventionBuilder => builder.WithMetadata(new RequiredScope(scope));

    /// <summary>The rate-limit group that the endpoints fall into.</summary>
    public static T InRateLimitGroup<T>(this T builder, string name) where T : IEndpointConventionBuilder => builder.WithMetadata(new RateLimitGroup(name));

    /// <summary>The body that the endpoint reads, for the API's description; any content type is read as JSON (contract 1.1).</summary>
    public static RouteHandlerBuilder TakesBody<T>(this RouteHandlerBuilder builder) where T : notnull => builder.Accepts<T>(isOptional: true, "*/*");

    /// <summary>No token is needed.</summary>
    public static T WithoutToken<T>(this T builder) where T : IEndpointConventionBuilder => builder.WithMetadata(NoToken.Instance);
}
