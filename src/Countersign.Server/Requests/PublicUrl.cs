using Countersign.Server.Settings;

namespace Countersign.Server.Requests;

/// <summary>The base of every link: <c>Countersign:PublicUrl</c>, or the address that the request came to.</summary>
internal sealed class PublicUrl(ServerSettings settings)
{
    private readonly string? _configured = settings.PublicUrl?.AbsoluteUri.TrimEnd('/');

    /// <summary>The public address without a slash at the end.</summary>
    public string Of(HttpContext http) => _configured ?? $"{http.Request.Scheme}://{http.Request.Host.Value}";

    /// <summary>Its origin, as browsers write it (RFC 6454 §6.1).</summary>
    public string OriginOf(HttpContext http) => new Uri(Of(http)).GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
}
