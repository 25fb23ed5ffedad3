using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Countersign.Testing;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Countersign.Server.Tests.Authenticator;

public sealed class AuthenticatorHostingTests : IDisposable
{
    private readonly CountersignApp _app = new();
    private readonly HttpClient _browser;

    public AuthenticatorHostingTests() => _browser = _app.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    [Fact]
    public async Task The_address_without_its_slash_leads_to_the_one_with_it()
    {
        using var response = await _browser.GetAsync("/authenticator");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/authenticator/", response.Headers.Location?.ToString());
    }

    [Theory]
    [InlineData("", "text/html")]
    [InlineData("app.css", "text/css")]
    [InlineData("app.js", "text/javascript")]
    [InlineData("service-worker.js", "text/javascript")]
    [InlineData("shell.js", "text/javascript")]
    [InlineData("language/zh-Hans.json", "application/json")]
    [InlineData("manifest.webmanifest", "application/manifest+json")]
    [InlineData("icons/icon.svg", "image/svg+xml")]
    [InlineData("icons/icon-192.png", "image/png")]
    public async Task Its_files_are_served_as_what_they_are(string path, string mediaType)
    {
        using var response = await _browser.GetAsync($"/authenticator/{path}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
        Assert.NotEqual(0, response.Content.Headers.ContentLength);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task The_page_runs_no_script_or_style_but_the_apps_own_and_may_use_the_camera()
    {
        using var response = await _browser.GetAsync("/authenticator/");

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("camera=(self)", Assert.Single(response.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
        var page = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<style", page, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
        Assert.All(Regex.Matches(page, "<script[^>]*>"), script => Assert.Contains("src=", script.Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_has_not_changed_is_not_sent_again()
    {
        using var first = await _browser.GetAsync("/authenticator/app.js");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/authenticator/app.js") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await _browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.True(first.Headers.CacheControl?.NoCache);
    }

    [Fact]
    public async Task Everything_that_is_kept_for_offline_use_is_there()
    {
        var shell = await _browser.GetStringAsync("/authenticator/shell.js");

        Assert.Matches("^export const version = \"[0-9a-f]{16}\";\n", shell);
        var files = JsonSerializer.Deserialize<string[]>(Regex.Match(shell, @"files = (\[.*\]);").Groups[1].Value)!;
        Assert.Contains("./", files);
        Assert.Contains("shell.js", files);
        Assert.Contains("language/en.json", files);
        Assert.DoesNotContain("service-worker.js", files);
        foreach (var file in files)
        {
            using var response = await _browser.GetAsync(new Uri(new Uri("http://localhost/authenticator/"), file));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task What_modules_import_and_the_manifest_names_is_there()
    {
        var shell = await _browser.GetStringAsync("/authenticator/shell.js");
        var folder = new Uri("http://localhost/authenticator/");
        foreach (var file in Regex.Matches(shell, "\"([^\"]+\\.js)\"").Select(match => match.Groups[1].Value).Append("service-worker.js"))
        {
            var module = await _browser.GetStringAsync(new Uri(folder, file));
            foreach (var import in Regex.Matches(module, "^import .* from '([^']+)';$", RegexOptions.Multiline).Select(match => match.Groups[1].Value))
            {
                using var response = await _browser.GetAsync(new Uri(new Uri(folder, file), import));
                Assert.True(response.IsSuccessStatusCode, $"{file} imports {import}");
            }
        }

        using var manifest = JsonDocument.Parse(await _browser.GetStringAsync("/authenticator/manifest.webmanifest"));
        foreach (var icon in manifest.RootElement.GetProperty("icons").EnumerateArray())
        {
            using var response = await _browser.GetAsync(new Uri(folder, icon.GetProperty("src").GetString()));
            Assert.Equal(icon.GetProperty("type").GetString(), response.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory]
    [InlineData("/authenticator/nothing.js")]
    [InlineData("/authenticator/package.json")]
    [InlineData("/authenticator/AuthenticatorFiles.cs")]
    [InlineData("/authenticator/../appsettings.json")]
    [InlineData("/authenticator/%2e%2e/%2e%2e/Countersign.Server.dll")]
    [InlineData("/authenticator/..%2f..%2fCountersign.Server.deps.json")]
    public async Task A_file_that_is_not_the_apps_is_not_found(string path)
    {
        using var response = await _browser.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task The_description_of_the_API_does_not_speak_of_it()
    {
        Assert.DoesNotContain("\"/authenticator", await _browser.GetStringAsync("/openapi/v1.json"), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _browser.Dispose();
        _app.Dispose();
    }
}
