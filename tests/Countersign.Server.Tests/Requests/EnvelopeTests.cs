using System.Net;
using System.Text;
using Countersign.Server.Errors;
using Countersign.Testing;

namespace Countersign.Server.Tests.Requests;

public sealed class EnvelopeTests
{
    [Theory]
    [InlineData("GET", "/api/v1/nothing", 404, "E0000008")]
    [InlineData("GET", "/nothing", 404, "E0000008")]
    [InlineData("GET", "/", 404, "E0000008")]
    [InlineData("PATCH", "/api/v1/users/me/factors", 405, "E0000022")]
    [InlineData("OPTIONS", "/api/v1/users/me/factors", 405, "E0000022")]
    [InlineData("POST", "/health/live", 405, "E0000022")]
    [InlineData("TRACE", "/health/ready", 405, "E0000022")]
    [InlineData("GET", "/api/v1/users/me/factors/nothing", 404, "E0000007")]
    public async Task An_error_is_an_envelope_on_every_path(string method, string path, int status, string code)
    {
        await using var app = new CountersignApp();
        var answer = await app.SendAsync(new HttpMethod(method), path);

        Assert.Equal((status, code), ((int)answer.Status, answer.ErrorCode));
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.StartsWith("oae", (string?)answer.Json["errorId"], StringComparison.Ordinal);
    }

    /// <summary>
    /// Two hundred copies of a passcode on a process that had refused none before: one of them was answered 500, now and then. What many make at the same time is one reference, of which nobody sees half.
    /// </summary>
    [Fact]
    public void An_error_that_many_ask_for_first_is_whole_for_each()
    {
        var error = new ApiError("E0000082", 403, "Each code can only be used once.", "cause");

        Assert.False(typeof(ApiError).GetProperty(nameof(ApiError.Envelope))!.PropertyType.IsValueType);
        Parallel.For(0, 1_000, _ => Assert.StartsWith("{\"errorCode\":\"E0000082\"", Encoding.UTF8.GetString(error.Envelope.Before), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("//api/v1/users/me/factors")]
    [InlineData("/api/v1/users/me/factors/")]
    [InlineData("///api/v1/users/me/factors//")]
    [InlineData("/API/V1/users/me/factors")]
    public async Task Slashes_too_many_do_not_matter(string path)
    {
        await using var app = new CountersignApp();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://localhost{path}"));
        using var response = await app.Client.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, "[]"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_method_is_refused_without_a_body_when_it_is_HEAD()
    {
        await using var app = new CountersignApp();
        using var request = new HttpRequestMessage(HttpMethod.Head, "/api/v1/users/me/factors");
        using var response = await app.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=UTF-8; okta-response=omitCredentials")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task A_body_is_read_as_JSON_whatever_its_content_type_says(string? contentType)
    {
        await using var app = new CountersignApp();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"factorType":"token:software:totp","provider":"GOOGLE"}"""));
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await app.Client.PostAsync(new Uri("/api/v1/users/me/factors", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task An_address_that_is_too_long_is_414()
    {
        await using var app = new CountersignApp(Engine.Sqlite, new KeyValuePair<string, string>("Countersign:Requests:MaxUrlLength", "1024"));
        var fits = await app.GetAsync("/api/v1/users/me/factors?x=" + new string('x', 900));
        var tooLong = await app.GetAsync("/api/v1/users/me/factors?x=" + new string('x', 1_100));

        Assert.Equal(HttpStatusCode.OK, fits.Status);
        Assert.Equal((HttpStatusCode.RequestUriTooLong, "E0000020"), (tooLong.Status, tooLong.ErrorCode));
    }
}
