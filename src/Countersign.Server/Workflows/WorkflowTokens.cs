namespace Countersign.Server.Workflows;

/// <summary>Where clients of the workflow API put their token: <c>X-Authorization</c>, mostly without a scheme, or <c>Authorization</c> with <c>Bearer</c> or <c>SSWS</c> (workflow contract 1.1).</summary>
internal static class WorkflowTokens
{
    private const int Longest = 512;
    private static readonly string[] Schemes = ["Bearer ", "SSWS "];

    /// <summary>The token's text; null when there is none, or more than one.</summary>
    public static string? TextOf(IHeaderDictionary headers)
    {
        if (headers["X-Authorization"] is [{ Length: > 0 and <= Longest } own]) return WithoutScheme(own) ?? own.Trim();
        return headers.Authorization is [{ Length: > 0 and <= Longest } usual] ? WithoutScheme(usual) : null;
    }

    private static string? WithoutScheme(string header)
        => Schemes.FirstOrDefault(scheme => header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) is { } scheme ? header[scheme.Length..].Trim() : null;
}
