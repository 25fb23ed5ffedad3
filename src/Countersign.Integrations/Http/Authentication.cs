using System.Text;

namespace Countersign.Integrations.Http;

/// <summary>Adds to a request who it is from. Pure.</summary>
internal static class Authentication
{
    /// <summary>The request with its authentication. A header that the request has already is left alone.</summary>
    public static SentRequest Apply(SentRequest request, HttpAuthentication? authentication) => authentication switch
    {
        HttpAuthentication.Bearer bearer => WithHeader(request, "Authorization", $"Bearer {bearer.Token}"),
        HttpAuthentication.Basic basic => WithHeader(request, "Authorization", BasicValue(basic.Username, basic.Password)),
        HttpAuthentication.ApiKey { InQuery: false } key => WithHeader(request, key.Name, key.Value),
        HttpAuthentication.ApiKey key => request with { Uri = WithQuery(request.Uri, key.Name, key.Value) },
        _ => request,
    };

    /// <summary>RFC 7617 §2: in UTF-8.</summary>
    public static string BasicValue(string username, string password) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"))}";

    private static SentRequest WithHeader(SentRequest request, string name, string value)
        => request.Headers.Any(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)) ? request : request with { Headers = request.Headers.Add(new(name, value)) };

    private static Uri WithQuery(Uri uri, string name, string value)
        => new($"{uri.OriginalString}{(uri.OriginalString.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
