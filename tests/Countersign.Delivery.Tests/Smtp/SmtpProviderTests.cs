using Countersign.Outbox;
using Countersign.Testing.Mail;
using Microsoft.Extensions.Time.Testing;
using MimeKit;

namespace Countersign.Delivery.Tests.Smtp;

/// <summary>Against a server with STARTTLS that wants a login.</summary>
public sealed class SmtpProviderTests
{
    private static readonly RenderedMessage Message = Messages.Of(Channel.Email) with
    {
        Language = "ja",
        Subject = "北風商会：確認コードのお知らせ",
        Text = "次のコードを入力してください。\n\n482915\n",
        Html = "<p>次のコードを入力してください。<b>482915</b></p>",
    };

    [Fact]
    public async Task A_mail_arrives_whole()
    {
        await using var server = MailServer.Start();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 5, 9, 41, 30, TimeSpan.Zero));
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server), clock);

        var result = await provider.SendAsync(Message, default);

        Assert.IsType<DeliveryResult.Accepted>(result);
        var mail = await server.ReceiveAsync(Message.Recipient);
        Assert.Equal(Message.Subject, mail.Subject);
        Assert.Equal("Bücher & Söhne", mail.From.Mailboxes.Single().Name);
        Assert.Equal("no-reply@example.org", mail.From.Mailboxes.Single().Address);
        Assert.Equal(Message.Recipient, mail.To.Mailboxes.Single().Address);
        Assert.Equal("msg0001tests00000000@example.org", mail.MessageId);
        Assert.Equal(clock.GetUtcNow(), mail.Date);
        Assert.Equal("auto-generated", mail.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal("All", mail.Headers["X-Auto-Response-Suppress"]);
        Assert.Equal("ja", mail.Body!.Headers[HeaderId.ContentLanguage]);
        var parts = Assert.IsType<MultipartAlternative>(mail.Body);
        Assert.Equal(["text/plain", "text/html"], parts.Select(part => part.ContentType.MimeType));
        Assert.Equal(Message.Text, mail.TextBody!.ReplaceLineEndings("\n"));
        Assert.Equal(Message.Html, mail.HtmlBody!.TrimEnd());
    }

    [Fact]
    public async Task A_mail_without_HTML_is_plain_text()
    {
        await using var server = MailServer.Start();
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));

        await provider.SendAsync(Message with { Html = null }, default);

        Assert.IsType<TextPart>((await server.ReceiveAsync(Message.Recipient)).Body);
    }

    [Fact]
    public async Task A_connection_that_is_TLS_from_the_start_works_as_well()
    {
        await using var server = MailServer.Start(isTlsFromStart: true);
        var settings = SmtpProviders.For(server);
        settings.Security = "tls";
        await using var provider = SmtpProviders.Create(settings);

        Assert.IsType<DeliveryResult.Accepted>(await provider.SendAsync(Message, default));
        Assert.True((await provider.CheckAsync(default)).IsHealthy);
    }

    [Fact]
    public async Task One_message_after_the_other_goes_over_one_connection()
    {
        await using var server = MailServer.Start();
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));

        for (var number = 0; number < 5; number++)
            Assert.IsType<DeliveryResult.Accepted>(await provider.SendAsync(Message with { Id = $"msg{number}" }, default));

        Assert.Equal(1, server.Sessions);
    }

    [Fact]
    public async Task Many_messages_at_once_share_few_connections()
    {
        await using var server = MailServer.Start();
        var settings = SmtpProviders.For(server);
        settings.MaxConnections = 3;
        await using var provider = SmtpProviders.Create(settings);

        var results = await Task.WhenAll(Enumerable.Range(0, 30).Select(number => provider.SendAsync(Message with { Id = $"msg{number}" }, default).AsTask()));

        Assert.All(results, result => Assert.IsType<DeliveryResult.Accepted>(result));
        Assert.InRange(server.Sessions, 1, 3);
    }

    [Fact]
    public async Task A_connection_that_was_idle_for_long_is_not_used_again()
    {
        await using var server = MailServer.Start();
        var clock = new FakeTimeProvider(Messages.Created);
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server), clock);

        await provider.SendAsync(Message, default);
        clock.Advance(TimeSpan.FromSeconds(31));
        var result = await provider.SendAsync(Message, default);

        Assert.IsType<DeliveryResult.Accepted>(result);
        Assert.Equal(2, server.Sessions);
    }

    [Theory]
    [InlineData(550, "5.1.1 <ines.kovar@example.com>: no such user", true)]
    [InlineData(551, "not here", true)]
    [InlineData(553, "5.1.3 bad mailbox", true)]
    [InlineData(554, "5.7.1 relaying denied", false)]
    [InlineData(450, "4.2.0 try again", false)]
    [InlineData(452, "4.2.2 mailbox of ines.kovar full", false)]
    [InlineData(503, "what", false)]
    public async Task A_refused_recipient_is_final_when_the_server_says_so(int code, string text, bool isFinal)
    {
        await using var server = MailServer.Start();
        server.RecipientFault = (code, text);
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));

        var result = await provider.SendAsync(Message, default);

        var reason = isFinal ? Assert.IsType<DeliveryResult.Rejected>(result).Reason : Assert.IsType<DeliveryResult.Failed>(result).Reason;
        Assert.StartsWith($"{code} ", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("ines", reason, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_refusal_does_not_cost_the_connection()
    {
        await using var server = MailServer.Start();
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));

        server.RecipientFault = (550, "5.1.1 no such user");
        await provider.SendAsync(Message, default);
        server.RecipientFault = null;
        var result = await provider.SendAsync(Message, default);

        Assert.IsType<DeliveryResult.Accepted>(result);
        Assert.Equal(1, server.Sessions);
    }

    [Theory]
    [InlineData(554, "5.6.0 not this text", true)]
    [InlineData(554, "5.7.1 looks like spam with 482915 in it", false)]
    [InlineData(451, "4.3.0 disk full", false)]
    public async Task A_refused_message_is_final_when_the_server_says_so(int code, string text, bool isFinal)
    {
        await using var server = MailServer.Start();
        server.MessageFault = (code, text);
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));

        var result = await provider.SendAsync(Message, default);

        var reason = isFinal ? Assert.IsType<DeliveryResult.Rejected>(result).Reason : Assert.IsType<DeliveryResult.Failed>(result).Reason;
        Assert.DoesNotContain("482915", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ines")]
    [InlineData("ines@example.com, mallory@example.com")]
    [InlineData("Ines <ines@example.com>")]
    [InlineData("ines@example.com\r\nBcc: mallory@example.com")]
    [InlineData("ines@example.com> SIZE=1\r\nRCPT TO:<mallory@example.com")]
    public async Task What_is_not_one_address_is_rejected(string recipient)
    {
        await using var server = MailServer.Start();
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));

        Assert.IsType<DeliveryResult.Rejected>(await provider.SendAsync(Message with { Recipient = recipient }, default));
        Assert.Equal(0, server.Sessions);
    }

    [Fact]
    public async Task A_subject_cannot_add_headers()
    {
        await using var server = MailServer.Start();
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));

        await provider.SendAsync(Message with { Subject = "Code\r\nBcc: mallory@example.com\r\n\r\nbody" }, default);

        var mail = await server.ReceiveAsync(Message.Recipient);
        Assert.Empty(mail.Bcc);
        Assert.Equal(Message.Text, mail.TextBody!.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Only_mail_is_sent()
    {
        await using var server = MailServer.Start();
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));

        Assert.IsType<DeliveryResult.Failed>(await provider.SendAsync(Messages.Of(Channel.Sms), default));
    }
}
