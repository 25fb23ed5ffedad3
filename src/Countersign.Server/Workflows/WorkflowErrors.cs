using System.Data.Common;
using System.Globalization;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Server.Errors;

namespace Countersign.Server.Workflows;

/// <summary>The errors of the workflow API (workflow contract 1.4). Clients look for "not found" in those with status 404.</summary>
internal static class WorkflowErrors
{
    /// <summary>A token that was good once: clients get a new one and repeat the request.</summary>
    public static readonly ApiError ExpiredToken = ApiErrors.InvalidToken with { Summary = "The token has expired" };

    public static WorkflowErrorResult Invalid(string message, params IReadOnlyList<ValidationFault> faults) => new(400, message) { Faults = faults };

    public static WorkflowErrorResult LongReason => Invalid($"The reason may have {CommandEndpoints.LongestReason} characters at most.");

    public static WorkflowErrorResult NotFound(string message) => new(404, message);

    public static WorkflowErrorResult Conflict(string message) => new(409, message);

    public static WorkflowErrorResult NoExecution(string id) => NotFound($"No such workflow execution: {id} was not found.");

    public static WorkflowErrorResult NoTask(string id) => NotFound($"No such task: {id} was not found.");

    public static WorkflowErrorResult TooLong(long most) => new(413, $"The body is longer than {most.ToString("#,0", CultureInfo.InvariantCulture)} bytes.");

    /// <summary>The answer to a refusal.</summary>
    public static WorkflowErrorResult Of(RefusalKind kind, string message, IReadOnlyList<ValidationFault>? faults = null)
        => new(kind switch { RefusalKind.NotFound => 404, RefusalKind.Invalid => 400, _ => 409 }, message) { Faults = faults ?? [] };

    /// <summary>What of a change is an error; null when it was made.</summary>
    public static WorkflowErrorResult? Of(ChangeResult result, string id) => result switch
    {
        ChangeResult.NotFound => NoExecution(id),
        ChangeResult.Refused refused => Of(refused.Kind, refused.Message),
        _ => null,
    };

    /// <summary>An error that the pipeline found, in this form.</summary>
    public static WorkflowErrorResult Of(ApiError error) => new(error.Status, error.Status switch
    {
        404 => "No such path was found here.",
        413 => "The body is too long.",
        503 => "The store is not available; nothing was changed.",
        _ => error.Summary,
    })
    {
        Error = error.Status == 401 ? ReferenceEquals(error, ExpiredToken) ? "EXPIRED_TOKEN" : "INVALID_TOKEN" : null,
        RetryAt = error.Status == 429 ? error.RetryAt : null,
    };

    /// <summary>The error of an exception: a store that does not answer, or that was changed by others too often, may do so later.</summary>
    public static ApiError ErrorOf(Exception exception) => exception is DbException or TimeoutException ? ApiErrors.Unavailable : Envelopes.Of(exception);
}
