using System.Diagnostics.CodeAnalysis;

namespace Countersign.Integrations.Http;

/// <summary>Addresses that HTTP reaches.</summary>
public static class WebAddress
{
    /// <summary>Reads an absolute <c>http</c> or <c>https</c> address; false for every other text.</summary>
    public static bool TryRead([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Uri? address)
        => Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme is "http" or "https";
}
