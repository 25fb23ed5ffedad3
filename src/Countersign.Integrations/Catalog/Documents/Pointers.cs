namespace Countersign.Integrations.Catalog.Documents;

/// <summary>JSON pointers in the form of a fragment (RFC 6901 §6).</summary>
public static class Pointers
{
    /// <summary>One part of a pointer as it is written.</summary>
    public static string Escape(string part) => part.Contains('~', StringComparison.Ordinal) || part.Contains('/', StringComparison.Ordinal)
        ? part.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal) : part;

    /// <summary>The parts of a pointer, read; null when it is none of this document.</summary>
    public static string[]? Parts(string pointer)
    {
        if (pointer == "#") return [];
        if (!pointer.StartsWith("#/", StringComparison.Ordinal)) return null;
        return [.. pointer[2..].Split('/').Select(part => Decode(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    /// <summary>A pointer of these parts.</summary>
    public static string Of(params IEnumerable<string> parts) => "#" + string.Concat(parts.Select(part => "/" + Escape(part)));

    private static string Decode(string part) => part.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(part) : part;
}
