using Countersign.Users;

namespace Countersign.Server.Errors;

/// <summary>The errors behind what the framework says with a bare status or an exception.</summary>
internal static class Envelopes
{
    /// <summary>The error of a status that nobody wrote a body for.</summary>
    public static ApiError Of(int status) => status switch
    {
        StatusCodes.Status400BadRequest => ApiErrors.BadRequest,
        StatusCodes.Status401Unauthorized => ApiErrors.InvalidToken,
        StatusCodes.Status403Forbidden => ApiErrors.NoPermission,
        StatusCodes.Status404NotFound => ApiErrors.PathNotFound,
        StatusCodes.Status405MethodNotAllowed => ApiErrors.MethodNotSupported,
        StatusCodes.Status411LengthRequired => ApiErrors.LengthRequired,
        StatusCodes.Status413PayloadTooLarge => ApiErrors.TooLarge,
        StatusCodes.Status414UriTooLong => ApiErrors.UrlTooLong,
        < 500 => ApiErrors.BadRequest with { Status = status },
        _ => ApiErrors.Internal with { Status = status },
    };

    /// <summary>The error of an exception.</summary>
    public static ApiError Of(Exception exception) => exception switch
    {
        BadHttpRequestException bad => Of(bad.StatusCode),
        CommitFailedException => ApiErrors.Unavailable,
        _ => ApiErrors.Internal,
    };
}
