using System.Net.Http.Json;
using System.Text.Json;

namespace Countersign.Console.Api;

/// <summary>The contract's error envelope: what a request was refused for.</summary>
public sealed record ApiError
{
    /// <summary>The token is unknown, revoked or expired.</summary>
    internal const string InvalidToken = "E0000011";

    /// <summary>The stable code, as <c>E0000068</c>; empty when the answer did not come from the API.</summary>
    public string ErrorCode { get; set; } = "";

    /// <summary>One sentence for a person.</summary>
    public string ErrorSummary { get; set; } = "";

    /// <summary>Names this very failure in the server's log.</summary>
    public string? ErrorId { get; set; }

    /// <summary>The details, possibly none.</summary>
    public IReadOnlyList<ApiErrorCause> ErrorCauses { get; set; } = [];

    internal static ApiError Unreachable { get; } = new() { ErrorSummary = "The server cannot be reached. Check the connection and try again." };

    internal static ApiError Unreadable(HttpResponseMessage response)
        => new() { ErrorSummary = $"The server gave an answer that the console cannot read (HTTP {(int)response.StatusCode})." };

    internal static async Task<ApiError> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(ApiJson.Default.ApiError, cancellationToken) is { ErrorSummary: not "" } error
                ? error
                : Unreadable(response);
        }
        catch (JsonException)
        {
            return Unreadable(response);
        }
    }
}

/// <summary>One detail of an <see cref="ApiError"/>.</summary>
public sealed record ApiErrorCause
{
    /// <summary>One sentence for a person.</summary>
    public string ErrorSummary { get; set; } = "";
}

/// <summary>The server refused a request, or could not be reached.</summary>
public sealed class ApiException(ApiError error) : Exception(error.ErrorSummary)
{
    /// <summary>What the server said.</summary>
    public ApiError Error { get; } = error;
}
