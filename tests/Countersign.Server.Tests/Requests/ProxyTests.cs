using System.Net;
using Countersign.Server.Requests;
using Countersign.Server.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Requests;

public sealed class ProxyTests
{
    [Theory]
    [InlineData("10.0.0.1", "203.0.113.9", "203.0.113.9")]                              // one trusted proxy
    [InlineData("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9")]                    // a chain of them
    [InlineData("10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9")]                     // the client wrote the left one
    [InlineData("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9")]
    [InlineData("10.0.0.1", "10.0.0.3, 203.0.113.9", "203.0.113.9")]                    // the client wrote a trusted address
    [InlineData("10.0.0.1", "203.0.113.9:4711", "203.0.113.9")]
    [InlineData("10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("10.0.0.1", "nonsense", "10.0.0.1")]
    [InlineData("10.0.0.1", "203.0.113.9, nonsense", "10.0.0.1")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("192.0.2.1", "203.0.113.9", "192.0.2.1")]                               // the peer is no trusted proxy
    [InlineData("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9")]                       // IPv4 over an IPv6 socket
    [InlineData("::ffff:192.0.2.1", "203.0.113.9", "192.0.2.1")]
    public async Task The_client_is_the_rightmost_address_that_is_no_trusted_proxy(string peer, string forwardedFor, string client)
    {
        var seen = await SendAsync(["10.0.0.0/8"], peer, ("X-Forwarded-For", forwardedFor));

        Assert.Equal(client, seen.Client);
    }

    [Fact]
    public async Task Several_header_lines_are_one_list()
    {
        var seen = await SendAsync(["10.0.0.0/8"], "10.0.0.1", ("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "203.0.113.9"));

        Assert.Equal("203.0.113.9", seen.Client);
    }

    [Fact]
    public async Task A_trusted_proxy_tells_scheme_and_host()
    {
        var seen = await SendAsync(["10.0.0.0/8"], "10.0.0.1", ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "mfa.example.com"));

        Assert.Equal("https://mfa.example.com", seen.Base);
    }

    [Theory]
    [InlineData("10.0.0.0/8", "192.0.2.1")]
    [InlineData(null, "10.0.0.1")]
    [InlineData(null, "127.0.0.1")]
    public async Task Nobody_else_does(string? trusted, string peer)
    {
        var seen = await SendAsync(trusted is null ? [] : [trusted], peer, ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example.com"), ("Forwarded", "for=203.0.113.9;host=evil.example.com"));

        Assert.Equal((peer, "http://localhost"), (seen.Client, seen.Base));
    }

    private static async Task<(string? Client, string Base)> SendAsync(string[] trusted, string peer, params (string Name, string Value)[] headers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        // What the framework itself would trust everybody by.
        builder.Configuration["ForwardedHeaders_Enabled"] = "true";
        builder.Services.AddSingleton(new ServerSettings { TrustedProxies = [.. trusted.Select(network => IPNetwork.Parse(network))] });
        builder.Services.AddProxies();
        await using var app = builder.Build();
        (string?, string) seen = default;
        app.UseProxies();
        app.Run(http =>
        {
            seen = (ClientAddress.Of(http)?.ToString(), new PublicUrl(new ServerSettings()).Of(http));
            return Task.CompletedTask;
        });
        await app.StartAsync();
        await app.GetTestServer().SendAsync(http =>
        {
            http.Connection.RemoteIpAddress = IPAddress.Parse(peer);
            foreach (var (name, value) in headers) http.Request.Headers.Append(name, value);
        });
        return seen;
    }
}
