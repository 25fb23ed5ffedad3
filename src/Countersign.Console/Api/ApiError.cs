using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Console.Api;

/// <summary>The contract's error envelope: what a request was refused for.</summary>
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

    /// <summary>What the envelope of the workflow API has in place of a summary.</summary>
    public string? Message { get; set; }

    /// <summary>What the envelope of the workflow API has in place of causes.</summary>
    public IReadOnlyList<ValidationError> ValidationErrors { get; set; } = [];

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
            var error = await response.Content.ReadFromJsonAsync(ApiJson.Default.ApiError, cancellationToken);
            return error is { ErrorSummary: not "" } ? error with { RetryAfter = Wait(response) }
                : error is { Message: { Length: > 0 } message } ? error with { ErrorSummary = message, ErrorCauses = [.. error.ValidationErrors.Select(Cause)] }
                : Unreadable(response);
        }
        catch (JsonException)
        {
            return Unreadable(response);
        }
    }

    private static ApiErrorCause Cause(ValidationError error) => new() { ErrorSummary = error.Path is { Length: > 0 } path ? $"{path}: {error.Message}" : error.Message };

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

/// <summary>What is wrong at one place of a workflow or task definition.</summary>
public sealed record ValidationError
{
    /// <summary>The place, as <c>tasks[2].taskReferenceName</c>.</summary>
    public string? Path { get; set; }

    /// <summary>One sentence for a person.</summary>
    public string Message { get; set; } = "";
}

/// <summary>The server refused a request, or could not be reached.</summary>
public sealed class ApiException(ApiError error) : Exception(error.ErrorSummary)
{
    /// <summary>What the server said.</summary>
    public ApiError Error { get; } = error;
}
