using Countersign.Integrations.Tasks;
using Countersign.Requests;
using Countersign.SystemLog;
using Countersign.Users;

namespace Countersign.Server.VerifyTask;

/// <summary>Who acts when a workflow does something: whoever started the execution.</summary>
internal sealed class WorkflowActors(IUserCommits users)
{
    private const int LongestLogin = 100;

    /// <summary>What goes to the log, and to the device of a user who is asked.</summary>
    public async Task<RequestContext> ByAsync(TaskWork work, CancellationToken cancellationToken) => new()
    {
        RequestId = work.Task.Id,
        Uri = $"/api/workflow/{work.Execution.Id}",
        Application = work.Execution.Definition.Name,
        Actor = await ActorAsync(work.Execution.CreatedBy, cancellationToken),
    };

    private async Task<LogSubject> ActorAsync(string? starter, CancellationToken cancellationToken)
    {
        if (starter is not { Length: > 0 and <= LongestLogin }) return LogSubject.System;
        if (await users.FindByLoginAsync(starter, cancellationToken) is { } id && await users.LoadAsync(id, cancellationToken) is { } user && user.Login.Equals(starter, StringComparison.OrdinalIgnoreCase))
            return new LogSubject(user.Id.Value, "User", user.Login, user.DisplayName);
        return new LogSubject("unknown", "PublicClientApp", "unknown", starter);
    }
}
