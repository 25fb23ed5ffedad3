using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Console.Api;

/// <summary>What a request was refused for: the envelope of the factors API, or the form of the workflow API.</summary>
public sealed record ApiError
{
    /// <summary>The token is unknown, revoked or expired.</summary>
    internal const string InvalidToken = "E0000011";

    private const string ValidationFailed = "E0000001", BeforeSubject = "Api validation failed: ", ResetHeader = "X-Rate-Limit-Reset";

    /// <summary>The stable code, as <c>E0000068</c>; empty when the answer did not come from the API.</summary>
    public string ErrorCode { get; set; } = "";

    /// <summary>One sentence for a person.</summary>
    public string ErrorSummary { get; set; } = "";

    /// <summary>Names this very failure in the server's log.</summary>
    public string? ErrorId { get; set; }

    /// <summary>The details, possibly none.</summary>
    public IReadOnlyList<ApiErrorCause> ErrorCauses { get; set; } = [];

    /// <summary>The workflow API's sentence; <see cref="ErrorSummary"/> has it too.</summary>
    public string? Message { get; set; }

    /// <summary>The places of a document that break a rule; <see cref="ErrorCauses"/> has them too, for people.</summary>
    public IReadOnlyList<ApiValidationError> ValidationErrors { get; set; } = [];

    /// <summary>The workflow API's word on a refused token; other servers may send anything.</summary>
    public JsonElement? Error { get; set; }

    /// <summary>Whether the token is no longer accepted, so that the session is over.</summary>
    [JsonIgnore]
    public bool RefusesToken
        => ErrorCode == InvalidToken || (Error is { ValueKind: JsonValueKind.String } word && word.GetString() is "INVALID_TOKEN" or "EXPIRED_TOKEN");

    /// <summary>How long the same request will be refused; null when the error says nothing of time.</summary>
    [JsonIgnore]
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The field or thing that a validation found wrong; null for every other error.</summary>
    [JsonIgnore]
    public string? Subject => ErrorCode == ValidationFailed && ErrorSummary.StartsWith(BeforeSubject, StringComparison.Ordinal) ? ErrorSummary[BeforeSubject.Length..] : null;

    internal static ApiError Unreachable { get; } = new() { ErrorSummary = "The server cannot be reached. Check the connection and try again." };

    internal static ApiError Unreadable(HttpResponseMessage response)
        => new() { ErrorSummary = $"The server gave an answer that the console cannot read (HTTP {(int)response.StatusCode})." };

    internal static async Task<ApiError> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(ApiJson.Default.ApiError, cancellationToken) switch
            {
                { ErrorSummary: { Length: > 0 } } error => error with { RetryAfter = Wait(response) },
                { Message: { Length: > 0 } } error => OfWorkflows(error, Wait(response)),
                _ => Unreadable(response),
            };
        }
        catch (JsonException)
        {
            return Unreadable(response);
        }
    }

    private static ApiError OfWorkflows(ApiError error, TimeSpan? wait) => error with
    {
        ErrorSummary = error.Message!,
        ErrorCauses = [.. error.ValidationErrors.Select(found => new ApiErrorCause { ErrorSummary = found.ToString() })],
        RetryAfter = wait,
    };

    // Both ends of the wait are the server's, so that a browser whose clock is wrong waits as long as any other.
    private static TimeSpan? Wait(HttpResponseMessage response)
        => response.StatusCode == HttpStatusCode.TooManyRequests && response.Headers.Date is { } now
            && response.Headers.TryGetValues(ResetHeader, out var values) && long.TryParse(values.First(), out var seconds)
            && DateTimeOffset.FromUnixTimeSeconds(seconds) - now is { Ticks: > 0 } wait
                ? wait
                : null;
}

/// <summary>One detail of an <see cref="ApiError"/>.</summary>
public sealed record ApiErrorCause
{
    /// <summary>One sentence for a person.</summary>
    public string ErrorSummary { get; set; } = "";
}

/// <summary>One place of a document that breaks a rule.</summary>
public sealed record ApiValidationError
{
    /// <summary>Where, as <c>tasks[2].taskReferenceName</c>; may be empty.</summary>
    public string Path { get; set => field = value ?? ""; } = "";

    /// <summary>One sentence for a person.</summary>
    public string Message { get; set; } = "";

    /// <summary>What stands there; null when nothing does.</summary>
    public JsonElement? InvalidValue { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}

/// <summary>The server refused a request, or could not be reached.</summary>
public sealed class ApiException(ApiError error) : Exception(error.ErrorSummary)
{
    /// <summary>What the server said.</summary>
    public ApiError Error { get; } = error;
}
