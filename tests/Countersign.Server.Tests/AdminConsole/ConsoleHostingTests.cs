using System.Net;
using System.Text.RegularExpressions;
using Countersign.Testing;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Countersign.Server.Tests.AdminConsole;

public sealed class ConsoleHostingTests : IDisposable
{
    private readonly CountersignApp _app = new();
    private readonly HttpClient _browser;

    public ConsoleHostingTests() => _browser = _app.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    [Fact]
    public async Task The_address_without_its_slash_leads_to_the_one_with_it()
    {
        using var response = await _browser.GetAsync("/console");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/console/", response.Headers.Location?.ToString());
    }

    [Theory]
    [InlineData("/console/")]
    [InlineData("/console/users")]
    [InlineData("/console/users/00u7kq3vN2cXW1bYt0h7")]
    [InlineData("/console/users/ines@example.com")]
    [InlineData("/console/catalog/apis/example.com-2026-01-01")]
    public async Task Every_page_begins_with_the_index(string path)
    {
        using var response = await _browser.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("<base href=\"/console/\" />", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_fetched_from_elsewhere()
    {
        var index = await _browser.GetStringAsync("/console/");

        var fetched = Regex.Matches(index, "(?:src|<link [^>]*href)=\"(?<path>[^\"]+)\"").Select(match => match.Groups["path"].Value).ToList();
        Assert.Equal(7, fetched.Count);
        foreach (var path in fetched)
        {
            using var response = await _browser.GetAsync($"/console/{path}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task The_browser_runs_no_script_but_ours()
    {
        using var response = await _browser.GetAsync("/console/");

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'; script-src 'self' 'wasm-unsafe-eval';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_comes_compressed_to_whoever_accepts_that()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/mudblazor/MudBlazor.min.css") { Headers = { { "Accept-Encoding", "gzip" } } };
        using var response = await _browser.SendAsync(request);
        using var plain = await _browser.GetAsync("/console/mudblazor/MudBlazor.min.css");

        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.True(response.Content.Headers.ContentLength < plain.Content.Headers.ContentLength / 4);
        Assert.NotEqual(plain.Headers.ETag, response.Headers.ETag);
        Assert.Equal(["Accept-Encoding"], response.Headers.Vary);
    }

    [Fact]
    public async Task An_encoding_that_is_ruled_out_is_not_sent()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/console.css") { Headers = { { "Accept-Encoding", "gzip;q=0, br;q=0" } } };
        using var response = await _browser.SendAsync(request);

        Assert.Empty(response.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_file_that_has_not_changed_is_not_sent_again()
    {
        using var first = await _browser.GetAsync("/console/console.css");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/console.css") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await _browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.True(first.Headers.CacheControl?.NoCache);
    }

    [Fact]
    public async Task A_fingerprinted_file_is_kept_for_good()
    {
        var boot = await _browser.GetStringAsync("/console/_framework/dotnet.js");
        var name = Regex.Match(boot, "Countersign\\.Console\\.[a-z0-9]{10}\\.wasm").Value;

        using var response = await _browser.GetAsync($"/console/_framework/{name}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/wasm", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("immutable", response.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/console/nothing.js")]
    [InlineData("/console/../appsettings.json")]
    [InlineData("/console/%2e%2e/%2e%2e/Countersign.Server.dll")]
    [InlineData("/console/..%2f..%2fCountersign.Server.deps.json")]
    [InlineData("/console/%5c..%5c..%5cCountersign.Server.dll")]
    public async Task A_file_that_is_not_the_consoles_is_not_found(string path)
    {
        using var response = await _browser.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    public void Dispose()
    {
        _browser.Dispose();
        _app.Dispose();
    }
}
