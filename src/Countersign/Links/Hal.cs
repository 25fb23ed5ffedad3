using System.Text.Json.Nodes;

namespace Countersign.Links;

/// <summary>Makes the contract's links (1.4).</summary>
public static class Hal
{
    /// <summary>A link with the methods that it allows.</summary>
    public static JsonObject Link(string href, params ReadOnlySpan<string> allow)
    {
        var methods = new JsonArray();
        foreach (var method in allow) methods.Add((JsonNode)method);
        return new JsonObject { ["href"] = href, ["hints"] = new JsonObject { ["allow"] = methods } };
    }

    /// <summary>A link to a picture, without methods.</summary>
    public static JsonObject Image(string href) => new() { ["href"] = href, ["type"] = "image/png" };
}

/// <summary>Where a user's resources are, under the public address.</summary>
/// <param name="BaseUrl">The public address without a slash at the end.</param>
/// <param name="UserId">The user's id.</param>
public readonly record struct UserUrls(string BaseUrl, string UserId)
{
    /// <summary>The user.</summary>
    public string User => $"{BaseUrl}/api/v1/users/{UserId}";
    /// <summary>The questions that the user may choose from.</summary>
    public string Questions => $"{User}/factors/questions";
    /// <summary>The user's factors.</summary>
    public string Factors => $"{User}/factors";
    /// <summary>One factor.</summary>
    public string Factor(string factorId) => $"{User}/factors/{factorId}";
}
