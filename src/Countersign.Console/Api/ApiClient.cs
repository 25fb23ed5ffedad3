using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Countersign.Console.Shell;

namespace Countersign.Console.Api;

/// <summary>
/// Speaks to the server's HTTP API in the name of the session's API token. What can be asked is written beside each subject,
/// as extensions of this type (<c>Users/UserOperations.cs</c> and so on).
/// </summary>
/// <remarks>Every method throws <see cref="ApiException"/> when the server answers with an error or cannot be reached.</remarks>
public sealed class ApiClient(HttpClient http, Session session)
{
    /// <summary>Begins the session with a token, unless the server refuses it.</summary>
    public async Task SignInAsync(string token, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, "/api/v1/users/me", null, token);
        using var response = await ReachAsync(request, cancellationToken);
        // Any other answer comes from a server that knows the token: a narrow scope, or a token that belongs to no user.
        if (response.StatusCode == HttpStatusCode.Unauthorized || (int)response.StatusCode >= 500)
            throw new ApiException(await ApiError.ReadAsync(response, cancellationToken));
        session.Begin(token);
    }

    /// <summary>Reads one resource.</summary>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>Reads one page of a list; the page tells the path of the one after it.</summary>
    public async Task<Page<T>> GetPageAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        var items = await ReadAsync<T[]>(response, cancellationToken);
        return new Page<T>(items, Next(response, path));
    }

    /// <summary>Reads one resource that is a part of something longer, with the path of the part after it.</summary>
    public async Task<(T Value, string? Next)> GetPartAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        var value = await ReadAsync<T>(response, cancellationToken);
        return (value, Next(response, path));
    }

    /// <summary>Reads bytes that are no document.</summary>
    public async Task<byte[]> GetBytesAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    /// <summary>Posts what is no document of the console's, as a file, and reads the answer.</summary>
    public async Task<T> PostContentAsync<T>(string path, HttpContent content, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Post, path, content, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>Posts a document and reads the answer.</summary>
    public async Task<T> PostAsync<TBody, T>(string path, TBody body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Post, path, JsonContent.Create(body, JsonOf<TBody>()), cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>Posts a document whose answer says nothing of interest.</summary>
    public async Task PostAsync<TBody>(string path, TBody body, CancellationToken cancellationToken)
        => (await SendAsync(HttpMethod.Post, path, JsonContent.Create(body, JsonOf<TBody>()), cancellationToken)).Dispose();

    /// <summary>Posts without a body.</summary>
    public async Task PostAsync(string path, CancellationToken cancellationToken)
        => (await SendAsync(HttpMethod.Post, path, null, cancellationToken)).Dispose();

    /// <summary>Posts a document, or nothing when it is null, and reads the answer as bare text.</summary>
    public async Task<string> PostForTextAsync<TBody>(string path, TBody? body, CancellationToken cancellationToken)
    {
        using var content = body is null ? null : JsonContent.Create(body, JsonOf<TBody>());
        using var response = await SendAsync(HttpMethod.Post, path, content, cancellationToken);
        return (await response.Content.ReadAsStringAsync(cancellationToken)).Trim();
    }

    /// <summary>Replaces one resource.</summary>
    public async Task PutAsync<TBody>(string path, TBody body, CancellationToken cancellationToken)
        => (await SendAsync(HttpMethod.Put, path, JsonContent.Create(body, JsonOf<TBody>()), cancellationToken)).Dispose();

    /// <summary>Replaces resources and reads the answer.</summary>
    public async Task<T> PutAsync<TBody, T>(string path, TBody body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Put, path, JsonContent.Create(body, JsonOf<TBody>()), cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>Puts without a body.</summary>
    public async Task PutAsync(string path, CancellationToken cancellationToken)
        => (await SendAsync(HttpMethod.Put, path, null, cancellationToken)).Dispose();

    /// <summary>Deletes one resource.</summary>
    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
        => (await SendAsync(HttpMethod.Delete, path, null, cancellationToken)).Dispose();

    private static string? Next(HttpResponseMessage response, string path)
        => LinkHeader.Next(response.Headers.TryGetValues("Link", out var links) ? links : [], path);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = Request(method, path, body, session.Token);
        var response = await ReachAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;

        using (response)
        {
            var error = await ApiError.ReadAsync(response, cancellationToken);
            if (response.StatusCode == HttpStatusCode.Unauthorized && error.RefusesToken)
                session.End("Your API token is no longer accepted. Sign in again.");
            throw new ApiException(error);
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, HttpContent? body, string? token)
        => new(method, path)
        {
            Content = body,
            Headers = { Authorization = token is null ? null : new AuthenticationHeaderValue("SSWS", token) },
        };

    private async Task<HttpResponseMessage> ReachAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException)
        {
            throw new ApiException(ApiError.Unreachable);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(JsonOf<T>(), cancellationToken) ?? throw new ApiException(ApiError.Unreadable(response));
        }
        catch (JsonException)
        {
            throw new ApiException(ApiError.Unreadable(response));
        }
    }

    private static JsonTypeInfo<T> JsonOf<T>()
        => ApiJson.Default.GetTypeInfo(typeof(T)) as JsonTypeInfo<T>
            ?? throw new InvalidOperationException($"{typeof(T)} is not listed in {nameof(ApiJson)}.");
}
