using System.Net;
using Countersign.Console.Api;
using Countersign.Console.Users;

namespace Countersign.Console.Tests.Api;

public sealed class ApiClientTests : ConsoleTest
{
    private const string User = """{"id":"00u1","status":"ACTIVE","profile":{"login":"ines"}}""";

    [Fact]
    public async Task A_request_carries_the_sessions_token()
    {
        SignedIn("00secret");
        Server.On("GET /api/v1/users/00u1", User);

        await Api.GetUserAsync("00u1", CancellationToken.None);

        Assert.Equal("SSWS 00secret", Server.Authorization);
    }

    [Fact]
    public async Task A_page_tells_the_path_of_the_next()
    {
        Server.On("GET /api/v1/users?limit=1", $"[{User}]", links: ["<https://elsewhere/api/v1/users?after=00u1&limit=1>; rel=\"next\""]);

        var page = await Api.GetPageAsync<User>("/api/v1/users?limit=1", CancellationToken.None);

        Assert.Equal("00u1", Assert.Single(page.Items).Id);
        Assert.Equal("/api/v1/users?after=00u1&limit=1", page.Next);
    }

    [Fact]
    public async Task A_refusal_says_what_the_envelope_says()
    {
        Server.Refuse("GET /api/v1/users/00u1", HttpStatusCode.NotFound, "E0000007", "Not found: Resource not found: 00u1 (User)", "First cause.", "Second cause.");

        var refused = await Assert.ThrowsAsync<ApiException>(() => Api.GetUserAsync("00u1", CancellationToken.None));

        Assert.Equal("E0000007", refused.Error.ErrorCode);
        Assert.Equal("Not found: Resource not found: 00u1 (User)", refused.Error.ErrorSummary);
        Assert.Equal("oaeq3Xw7VtRTbmGd0vLh1cZpA", refused.Error.ErrorId);
        Assert.Equal(["First cause.", "Second cause."], refused.Error.ErrorCauses.Select(cause => cause.ErrorSummary));
    }

    [Theory]
    [InlineData("<html>Bad gateway</html>")]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public async Task An_error_without_an_envelope_is_named_by_its_status(string body)
    {
        Server.On("GET /api/v1/users/00u1", body, HttpStatusCode.BadGateway);

        var refused = await Assert.ThrowsAsync<ApiException>(() => Api.GetUserAsync("00u1", CancellationToken.None));

        Assert.Contains("HTTP 502", refused.Error.ErrorSummary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_another_shape_is_an_error()
    {
        Server.On("GET /api/v1/users/00u1", "[]");

        await Assert.ThrowsAsync<ApiException>(() => Api.GetUserAsync("00u1", CancellationToken.None));
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_an_error()
    {
        var refused = await Assert.ThrowsAsync<ApiException>(() => Api.GetUserAsync("00u1", CancellationToken.None));

        Assert.Equal(ApiError.Unreachable, refused.Error);
    }

    [Fact]
    public async Task A_token_that_is_no_longer_accepted_ends_the_session()
    {
        SignedIn();
        Server.Refuse("GET /api/v1/users/00u1", HttpStatusCode.Unauthorized, "E0000011", "Invalid token provided");

        await Assert.ThrowsAsync<ApiException>(() => Api.GetUserAsync("00u1", CancellationToken.None));

        Assert.Null(Session.Token);
        Assert.NotNull(Session.Ended);
        Assert.Single(JSInterop.Invocations["sessionStorage.removeItem"]);
    }

    [Fact]
    public async Task A_permission_that_is_missing_does_not_end_the_session()
    {
        SignedIn();
        Server.Refuse("GET /api/v1/users/00u1", HttpStatusCode.Forbidden, "E0000006", "You do not have permission to perform the requested action");

        await Assert.ThrowsAsync<ApiException>(() => Api.GetUserAsync("00u1", CancellationToken.None));

        Assert.Equal("a-token", Session.Token);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task A_token_that_the_server_knows_begins_the_session(HttpStatusCode status)
    {
        Server.On("GET /api/v1/users/me", "{}", status);

        await Api.SignInAsync("00good", CancellationToken.None);

        Assert.Equal("00good", Session.Token);
        Assert.Equal(["countersign.token", "00good"], Assert.Single(JSInterop.Invocations["sessionStorage.setItem"]).Arguments);
    }

    [Fact]
    public async Task An_unknown_token_begins_no_session()
    {
        Server.Refuse("GET /api/v1/users/me", HttpStatusCode.Unauthorized, "E0000011", "Invalid token provided");

        await Assert.ThrowsAsync<ApiException>(() => Api.SignInAsync("00bad", CancellationToken.None));

        Assert.Null(Session.Token);
        Assert.Empty(JSInterop.Invocations["sessionStorage.setItem"]);
    }
}
