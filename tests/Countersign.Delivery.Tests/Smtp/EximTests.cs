using System.Runtime.Versioning;
using Countersign.Delivery.Smtp;
using Countersign.Outbox;
using Countersign.Texts;
using MimeKit;

namespace Countersign.Delivery.Tests.Smtp;

/// <summary>Through a real mail server into a real mailbox.</summary>
[SupportedOSPlatform("linux")]
public sealed class EximTests
{
    [EximFact]
    public async Task Mail_in_a_right_to_left_language_reaches_a_mailbox_unchanged()
    {
        await using var server = await EximServer.StartAsync();
        await using var provider = SmtpProviders.Create(Settings(server));
        var text = MessageTexts.Mail(Languages.Find("ar")!, "482915", MessagePurpose.Verification, "شركة الشمال", TimeSpan.FromMinutes(5), "سارة");
        var message = Messages.Of(Channel.Email) with { Language = "ar", Subject = text.Subject, Text = text.Text, Html = text.Html };

        var health = await provider.CheckAsync(default);
        var result = await provider.SendAsync(message, default);

        Assert.True(health.IsHealthy, health.Detail);
        Assert.StartsWith("OK id=", Assert.IsType<DeliveryResult.Accepted>(result).Reference, StringComparison.Ordinal);
        var mail = await server.ReceiveAsync();
        Assert.Equal("msg0001tests00000000@example.org", mail.MessageId);
        Assert.Equal(text.Subject, mail.Subject);
        Assert.Equal("Bücher & Söhne", mail.From.Mailboxes.Single().Name);
        Assert.Equal(text.Text, mail.TextBody!.ReplaceLineEndings("\n"));
        Assert.Equal(text.Html.ReplaceLineEndings("\n"), mail.HtmlBody!.ReplaceLineEndings("\n"));
        Assert.Equal("ar", mail.Body!.Headers[HeaderId.ContentLanguage]);
    }

    [EximFact]
    public async Task What_it_refuses_is_reported()
    {
        await using var server = await EximServer.StartAsync();
        await using var provider = SmtpProviders.Create(Settings(server));
        var settings = Settings(server);
        settings.Password = "wrong";
        await using var unknown = SmtpProviders.Create(settings);

        var refused = await provider.SendAsync(Messages.Of(Channel.Email) with { Recipient = "nobody@example.com" }, default);
        var accepted = await provider.SendAsync(Messages.Of(Channel.Email), default);
        var health = await unknown.CheckAsync(default);

        Assert.Equal(new DeliveryResult.Rejected("550 no such user"), refused);
        Assert.IsType<DeliveryResult.Accepted>(accepted);
        Assert.Equal(new ProviderHealth(false, "the server refused the user name or the password"), health);
    }

    private static SmtpSettings Settings(EximServer server) => new()
    {
        Host = "localhost",
        Port = server.Port,
        UserName = EximServer.UserName,
        Password = EximServer.Password,
        From = "no-reply@example.org",
        FromName = "Bücher & Söhne",
        CaCertificateFile = server.CaCertificateFile,
    };
}
