using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Integrations.Conductor;

/// <summary>
/// Speaks the Conductor API of another server (workflow contract 1.1): signs in, keeps the token, fetches a new one when it is refused or old, and repeats the call once then. It follows no redirect,
/// since the token would go to an address that nobody configured, and reads at most <see cref="LongestBody"/> bytes. Thread-safe.
/// </summary>
public sealed class ConductorClient : IDisposable
{
    /// <summary>The longest body that is read, in bytes.</summary>
    public const int LongestBody = 32 * 1024 * 1024;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5), TokenLife = TimeSpan.FromMinutes(45);

    private readonly HttpMessageInvoker _http;
    private readonly TimeSpan _timeout;
    private readonly (string Id, string Secret)? _key;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _signingIn = new(1, 1);
    private volatile Token? _token;

    /// <summary>A client of one server.</summary>
    /// <param name="url">Its address, with or without <c>/api</c>.</param>
    /// <param name="key">The key that it is signed in to with; null for none.</param>
    /// <param name="timeout">How long it may take to answer, signing in included.</param>
    /// <param name="clock">The time.</param>
    public ConductorClient(Uri url, (string Id, string Secret)? key, TimeSpan timeout, TimeProvider clock) : this(url, key, timeout, clock, new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    { }

    /// <summary>A client that sends by this handler.</summary>
    internal ConductorClient(Uri url, (string Id, string Secret)? key, TimeSpan timeout, TimeProvider clock, HttpMessageHandler handler)
    {
        (_key, _timeout, _clock) = (key, timeout, clock);
        var address = url.AbsoluteUri.TrimEnd('/');
        Url = new Uri(address.EndsWith("/api", StringComparison.Ordinal) ? address : address + "/api");
        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>The address of its API, ending with <c>/api</c>.</summary>
    public Uri Url { get; }

    /// <summary>Calls an operation.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path below <c>/api</c> with its query, encoded, beginning with a slash.</param>
    /// <param name="body">What is sent; null for nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public Task<ConductorReply> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
        => SendAsync(method, path, body is null ? null : (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(body.ToJsonString()), "application/json", cancellationToken);

    /// <summary>Calls an operation with a body as it is.</summary>
    public async Task<ConductorReply> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte>? body, string contentType, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            var token = _token;
            if (_key is not null && (token is null || _clock.GetUtcNow() >= token.Until))
            {
                if (await SignInAsync(token, either.Token).ConfigureAwait(false) is { } fault) return fault;
                token = _token;
            }
            var reply = await CallAsync(method, path, body, contentType, token, either.Token).ConfigureAwait(false);
            if (_key is null || reply is not ConductorReply.Answered { Status: HttpStatusCode.Unauthorized }) return reply;
            return await SignInAsync(token, either.Token).ConfigureAwait(false) ?? await CallAsync(method, path, body, contentType, _token, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ConductorReply.Silent($"{Url.Authority} did not answer within {_timeout.TotalSeconds} seconds");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException)
        {
            return new ConductorReply.Silent($"{Url.Authority} could not be reached: {exception.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _signingIn.Dispose();
    }

    /// <summary>Fetches a token, unless another call did meanwhile; answers what went wrong.</summary>
    private async Task<ConductorReply?> SignInAsync(Token? refused, CancellationToken cancellationToken)
    {
        await _signingIn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_token != refused) return null;
            var pair = new JsonObject { ["keyId"] = _key!.Value.Id, ["keySecret"] = _key.Value.Secret };
            var reply = await CallAsync(HttpMethod.Post, "/token", Encoding.UTF8.GetBytes(pair.ToJsonString()), "application/json", null, cancellationToken).ConfigureAwait(false);
            if (reply is not ConductorReply.Answered answer) return reply;
            // No such operation: a server without sign-in.
            if (answer.Status == HttpStatusCode.NotFound) _token = new Token(null, DateTimeOffset.MaxValue);
            else if (answer.IsSuccess && answer.Json is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("token", out var text) && text.ValueKind == JsonValueKind.String && text.GetString() is { Length: > 0 and <= 64 * 1024 } token)
                _token = new Token(token, _clock.GetUtcNow() + TokenLife);
            else return new ConductorReply.Silent($"{Url.Authority} refused the key: {answer.Reason}");
            return null;
        }
        finally
        {
            _signingIn.Release();
        }
    }

    private async Task<ConductorReply> CallAsync(HttpMethod method, string path, ReadOnlyMemory<byte>? body, string contentType, Token? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url.AbsoluteUri + path));
        if (body is { } bytes)
        {
            request.Content = new ReadOnlyMemoryContent(bytes);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }
        if (token?.Text is { } text) request.Headers.TryAddWithoutValidation("X-Authorization", text);
        using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var read = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[16 * 1024];
        for (int count; (count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (read.Length + count > LongestBody) return new ConductorReply.Silent($"the answer of {Url.Authority} is larger than {LongestBody} bytes");
            read.Write(buffer, 0, count);
        }
        return new ConductorReply.Answered(response.StatusCode, response.Content.Headers.ContentType?.ToString(), read.GetBuffer().AsMemory(0, (int)read.Length));
    }

    /// <summary>A token; without text for a server that has no sign-in.</summary>
    private sealed record Token(string? Text, DateTimeOffset Until);
}
