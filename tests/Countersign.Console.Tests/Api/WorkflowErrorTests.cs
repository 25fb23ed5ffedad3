using System.Net;
using Countersign.Console.Api;

namespace Countersign.Console.Tests.Api;

public sealed class WorkflowErrorTests : ConsoleTest
{
    [Fact]
    public async Task An_error_of_the_workflow_api_says_what_and_where()
    {
        Server.On("GET /api/metadata/workflow/a", """
            {"status":400,"message":"The definition breaks a rule.","instance":"node-2","retryable":false,
             "validationErrors":[{"path":"tasks[2].taskReferenceName","message":"It is used twice.","invalidValue":"ref"},{"path":"","message":"No task."}]}
            """, HttpStatusCode.BadRequest);

        var error = await RefusedAsync();

        Assert.Equal("The definition breaks a rule.", error.ErrorSummary);
        Assert.Equal(["tasks[2].taskReferenceName: It is used twice.", "No task."], error.ErrorCauses.Select(cause => cause.ErrorSummary));
        Assert.Equal("tasks[2].taskReferenceName", error.ValidationErrors[0].Path);
        Assert.Equal("ref", error.ValidationErrors[0].InvalidValue?.GetString());
    }

    [Theory]
    [InlineData("INVALID_TOKEN")]
    [InlineData("EXPIRED_TOKEN")]
    public async Task A_token_that_the_workflow_api_refuses_ends_the_session(string word)
    {
        Server.On("GET /api/metadata/workflow/a", $$"""{"status":401,"message":"The token is not accepted.","error":"{{word}}"}""", HttpStatusCode.Unauthorized);

        await RefusedAsync();

        Assert.Null(Session.Token);
        Assert.NotNull(Session.Ended);
    }

    [Fact]
    public async Task Another_refusal_keeps_the_session_and_an_answer_that_is_no_error_is_unreadable()
    {
        Server.On("GET /api/metadata/workflow/a", """{"status":403,"message":"Not allowed.","error":{"any":1}}""", HttpStatusCode.Forbidden)
            .On("GET /api/metadata/workflow/a", """{"status":500}""", HttpStatusCode.InternalServerError);

        Assert.Equal("Not allowed.", (await RefusedAsync()).ErrorSummary);
        Assert.Contains("HTTP 500", (await RefusedAsync()).ErrorSummary, StringComparison.Ordinal);
        Assert.Equal("a-token", Session.Token);
    }

    private async Task<ApiError> RefusedAsync()
    {
        SignedIn();
        return (await Assert.ThrowsAsync<ApiException>(() => Api.GetAsync<System.Text.Json.Nodes.JsonObject>("/api/metadata/workflow/a", CancellationToken.None))).Error;
    }
}
