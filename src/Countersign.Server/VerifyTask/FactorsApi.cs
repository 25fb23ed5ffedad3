using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Factors;

namespace Countersign.Server.VerifyTask;

/// <summary>The factors API of a Countersign server, as far as a worker needs it. A fault of the connection is an <see cref="HttpRequestException"/>.</summary>
internal sealed class FactorsApi(HttpClient http)
{
    private const int LongestAnswer = 1024 * 1024;

    /// <summary>A client of a server.</summary>
    /// <param name="server">Its address.</param>
    /// <param name="token">An API token.</param>
    public static FactorsApi Connect(Uri server, string token)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            BaseAddress = new Uri(server.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = TimeSpan.FromSeconds(60),
            MaxResponseContentBufferSize = LongestAnswer,
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("SSWS", token);
        return new FactorsApi(http);
    }

    /// <summary>One factor, by its id or the type of the only active one.</summary>
    public Task<ApiAnswer> GetAsync(string user, string factor, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, Path(user, factor), null, null, cancellationToken);

    /// <summary>Challenges, or judges an answer.</summary>
    public Task<ApiAnswer> VerifyAsync(string user, string factor, VerifyRequest request, CancellationToken cancellationToken)
    {
        var body = new JsonObject();
        foreach (var (name, value) in new[] { ("passCode", request.PassCode), ("nextPassCode", request.NextPassCode), ("answer", request.Answer), ("clientData", request.ClientData), ("authenticatorData", request.AuthenticatorData), ("signatureData", request.SignatureData) })
            if (value is not null) body[name] = value;
        if (request.UseNumberMatchingChallenge) body["useNumberMatchingChallenge"] = true;
        var query = new List<string>();
        if (request.Message.TemplateId is { } template) query.Add($"templateId={Uri.EscapeDataString(template)}");
        if (request.Message.TokenLifetimeSeconds is { } lifetime) query.Add($"tokenLifetimeSeconds={lifetime}");
        return SendAsync(HttpMethod.Post, $"{Path(user, factor)}/verify{(query.Count > 0 ? "?" : "")}{string.Join('&', query)}", body, request.Message.AcceptLanguage, cancellationToken);
    }

    /// <summary>How a transaction stands.</summary>
    public Task<ApiAnswer> PollAsync(string user, string factor, string transaction, CancellationToken cancellationToken)
        => SendAsync(HttpMethod.Get, $"{Path(user, factor)}/transactions/{Uri.EscapeDataString(transaction)}", null, null, cancellationToken);

    /// <summary>Cancels a transaction.</summary>
    public Task<ApiAnswer> CancelAsync(string user, string factor, string transaction, CancellationToken cancellationToken)
        => SendAsync(HttpMethod.Delete, $"{Path(user, factor)}/transactions/{Uri.EscapeDataString(transaction)}", null, null, cancellationToken);

    private static string Path(string user, string factor) => $"api/v1/users/{Uri.EscapeDataString(user)}/factors/{Uri.EscapeDataString(factor)}";

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, JsonObject? body, string? language, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (language is not null) request.Headers.TryAddWithoutValidation("Accept-Language", language);
        using var response = await http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        JsonObject? json = null;
        try
        {
            json = text.Length == 0 ? null : JsonNode.Parse(text) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            // What answers in another way is no server of ours; its status is all there is.
        }
        return new ApiAnswer(response.StatusCode, json ?? []);
    }
}

/// <summary>An answer of the factors API.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, JsonObject Json)
{
    /// <summary><c>factorResult</c>; null when there is none.</summary>
    public string? FactorResult => Text("factorResult");
    /// <summary><c>errorCode</c>; null when there is none.</summary>
    public string? ErrorCode => Text("errorCode");
    /// <summary>What went wrong, in one sentence.</summary>
    public string Reason => Text("errorSummary") ?? $"The server answered {(int)Status}.";
    /// <summary>Whether the same may succeed a little later.</summary>
    public bool IsPassing => Status is HttpStatusCode.TooManyRequests || (int)Status >= 500;

    /// <summary>A member that is text; null for any other.</summary>
    public string? Text(string name) => Json[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
