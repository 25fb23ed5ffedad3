using System.Net;
using System.Net.Sockets;
using Countersign.Delivery.Smtp;
using Countersign.Outbox;
using Countersign.Testing.Mail;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Delivery.Tests.Smtp;

/// <summary>Against servers that break off, fall silent or talk nonsense.</summary>
public sealed class SmtpFaultTests
{
    private static readonly RenderedMessage Message = Messages.Of(Channel.Email);

    [Fact]
    public async Task The_answer_of_the_server_is_the_reference()
    {
        await using var server = ScriptedMailServer.Start(_ => null);
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));

        Assert.Equal(new DeliveryResult.Accepted("2.0.0 queued as 4711"), await provider.SendAsync(Message, default));
    }

    [Theory]
    [InlineData("250 queued for ines.kovar@example.com")]
    [InlineData("250 took ines.kovar's 482915")]
    [InlineData("250")]
    public async Task An_answer_that_says_too_much_or_nothing_is_not(string answer)
    {
        await using var server = ScriptedMailServer.Start(step => step.Verb == "." ? answer : null);
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));

        Assert.Equal(new DeliveryResult.Accepted("msg0001tests00000000@example.org"), await provider.SendAsync(Message, default));
    }

    [Theory]
    [InlineData("GREETING", "HTTP/1.1 400 Bad Request")]
    [InlineData("GREETING", "554 go away")]
    [InlineData("GREETING", "hang up")]
    [InlineData("EHLO", "hang up")]
    [InlineData("MAIL", "451 4.3.0 later")]
    [InlineData("MAIL", "550 5.1.8 bad sender")]
    [InlineData("RCPT", "hang up")]
    [InlineData("DATA", "hang up")]
    [InlineData("DATA", "421 4.3.2 closing")]
    public async Task What_breaks_before_the_message_is_sent_failed(string verb, string answer)
    {
        await using var server = ScriptedMailServer.Start(step => step.Verb == verb ? answer : null);
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));

        var result = Assert.IsType<DeliveryResult.Failed>(await provider.SendAsync(Message, default));

        Assert.InRange(result.Reason.Length, 1, 200);
        Assert.Equal(1, server.Connections);
        Assert.Equal(0, server.Messages);
    }

    [Fact]
    public async Task A_message_that_may_have_been_accepted_is_not_sent_again()
    {
        await using var server = ScriptedMailServer.Start(step => step is { Verb: ".", Message: 2 } ? ScriptedMailServer.HangUp : null);
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));
        await provider.SendAsync(Message, default);

        var result = Assert.IsType<DeliveryResult.Failed>(await provider.SendAsync(Message, default));

        Assert.Equal("the connection was lost before the server's last answer; the message may have been accepted", result.Reason);
        Assert.Equal((1, 2), (server.Connections, server.Messages));
    }

    [Theory]
    [InlineData("hang up")]
    [InlineData("421 4.4.2 idle for too long")]
    public async Task A_kept_connection_that_broke_is_replaced(string answer)
    {
        await using var server = ScriptedMailServer.Start(step => step is { Verb: "MAIL", Message: 2 } ? answer : null);
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));
        await provider.SendAsync(Message, default);

        var result = await provider.SendAsync(Message, default);

        Assert.IsType<DeliveryResult.Accepted>(result);
        Assert.Equal((2, 2), (server.Connections, server.Messages));
    }

    [Fact]
    public async Task It_is_replaced_only_once()
    {
        await using var server = ScriptedMailServer.Start(step
            => step is { Verb: "MAIL", Message: 2 } or { Verb: "MAIL", Connection: > 1 } ? ScriptedMailServer.HangUp : null);
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));
        await provider.SendAsync(Message, default);

        var result = await provider.SendAsync(Message, default);

        Assert.IsType<DeliveryResult.Failed>(result);
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData("GREETING")]
    [InlineData("RCPT")]
    [InlineData(".")]
    public async Task A_server_that_falls_silent_is_given_up(string verb)
    {
        var clock = new FakeTimeProvider(Messages.Created);
        await using var server = ScriptedMailServer.Start(step => step.Verb == verb ? ScriptedMailServer.Silence : null);
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server), clock);

        var sending = provider.SendAsync(Message, default).AsTask();
        await server.HasFallenSilent.WaitAsync(TimeSpan.FromSeconds(20));
        clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(new DeliveryResult.Failed("the server did not answer in time"), await sending.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_check_gives_up_as_well()
    {
        var clock = new FakeTimeProvider(Messages.Created);
        await using var server = ScriptedMailServer.Start(step => step.Verb == "NOOP" ? ScriptedMailServer.Silence : null);
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server), clock);

        var checking = provider.CheckAsync(default).AsTask();
        await server.HasFallenSilent.WaitAsync(TimeSpan.FromSeconds(20));
        clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(new ProviderHealth(false, "the server did not answer in time"), await checking.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task An_address_that_the_server_cannot_write_is_left_to_another_provider()
    {
        await using var server = ScriptedMailServer.Start(_ => null);
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));

        var result = await provider.SendAsync(Message with { Recipient = "ïnes@example.com" }, default);

        Assert.Equal(new DeliveryResult.Failed("the server takes only ASCII in addresses"), result);
        Assert.Equal(0, server.Messages);
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_told_so()
    {
        using var waiting = new CancellationTokenSource();
        await using var server = ScriptedMailServer.Start(step => step.Verb == "RCPT" ? ScriptedMailServer.Silence : null);
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));

        var sending = provider.SendAsync(Message, waiting.Token).AsTask();
        await server.HasFallenSilent.WaitAsync(TimeSpan.FromSeconds(20));
        await waiting.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_found_out()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();
        await using var provider = SmtpProviders.Create(new SmtpSettings { Host = "127.0.0.1", Port = port, From = "no-reply@example.org" });

        Assert.Equal(new DeliveryResult.Failed("the server cannot be reached: ConnectionRefused"), await provider.SendAsync(Message, default));
        Assert.False((await provider.CheckAsync(default)).IsHealthy);
    }

    [Fact]
    public async Task Connections_are_closed_politely_at_the_end()
    {
        await using var server = ScriptedMailServer.Start(_ => null);
        var provider = SmtpProviders.Create(SmtpProviders.For(server));
        await provider.SendAsync(Message, default);

        await provider.DisposeAsync();

        Assert.Equal("QUIT", server.Commands.Last());
    }
}
