using System.Security.Cryptography.X509Certificates;
using Countersign.Delivery.Smtp;
using Countersign.Outbox;
using Countersign.Settings;
using Countersign.Testing.Mail;

namespace Countersign.Delivery.Tests.Smtp;

/// <summary>A good exchange with one thing spoiled: nothing may be sent, and the check says what is wrong.</summary>
public sealed class SmtpSecurityTests
{
    [Fact]
    public async Task A_good_server_is_found_good()
    {
        await using var server = MailServer.Start();
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));

        var health = await provider.CheckAsync(default);

        Assert.True(health.IsHealthy);
        Assert.StartsWith("ready, over Tls1", health.Detail, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> BadCertificates => new()
    {
        { "expired", "the server's certificate has expired or is not valid yet" },
        { "another host", "the server's certificate is for another host name" },
        { "self-signed", "the server's certificate is not from a trusted authority" },
        { "another authority", "the server's certificate is not from a trusted authority" },
    };

    [Theory]
    [MemberData(nameof(BadCertificates))]
    public async Task A_bad_certificate_is_refused(string kind, string expected)
    {
        using var other = new TestAuthority();
        await using var server = MailServer.Start(authority => Certificate(kind, authority, other));
        await using var provider = SmtpProviders.Create(SmtpProviders.For(server));

        await AssertUnusableAsync(provider, expected);
        Assert.False(server.HasMail("ines.kovar@example.com"));
    }

    [Fact]
    public async Task Without_a_file_only_the_authorities_of_the_system_are_trusted()
    {
        await using var server = MailServer.Start();
        var settings = SmtpProviders.For(server);
        settings.CaCertificateFile = null;
        await using var provider = SmtpProviders.Create(settings);

        await AssertUnusableAsync(provider, "the server's certificate is not from a trusted authority");
    }

    [Fact]
    public async Task A_wrong_password_is_named_as_such()
    {
        await using var server = MailServer.Start();
        var settings = SmtpProviders.For(server);
        settings.Password = "wrong";
        await using var provider = SmtpProviders.Create(settings);

        await AssertUnusableAsync(provider, "the server refused the user name or the password");
    }

    [Fact]
    public async Task Where_STARTTLS_is_not_offered_nothing_is_sent_in_the_clear()
    {
        await using var server = ScriptedMailServer.Start(_ => null);
        var settings = SmtpProviders.For(server);
        (settings.Security, settings.UserName, settings.Password) = ("starttls", "user", "secret");
        await using var provider = SmtpProviders.Create(settings);

        await AssertUnusableAsync(provider, "the server does not offer STARTTLS");
        Assert.All(server.Commands, command => Assert.Matches("^(EHLO|QUIT)", command));
    }

    [Fact]
    public async Task Where_STARTTLS_is_refused_nothing_is_sent_in_the_clear()
    {
        await using var server = ScriptedMailServer.Start(step => step.Verb switch
        {
            "EHLO" => "250-localhost\r\n250 STARTTLS",
            "STARTTLS" => "454 TLS not available",
            _ => null,
        });
        var settings = SmtpProviders.For(server);
        settings.Security = "starttls";
        await using var provider = SmtpProviders.Create(settings);

        Assert.IsType<DeliveryResult.Failed>(await provider.SendAsync(Messages.Of(Channel.Email), default));
        Assert.All(server.Commands, command => Assert.Matches("^(EHLO|STARTTLS|QUIT)", command));
    }

    [Theory]
    [InlineData("mail.example.com", "none", "user", "secret", "no-reply@example.com", "Security")]
    [InlineData("mail.example.com", "ssl", null, null, "no-reply@example.com", "Security")]
    [InlineData("", "starttls", null, null, "no-reply@example.com", "Host")]
    [InlineData("mail.example.com", "starttls", "user", null, "no-reply@example.com", "Password")]
    [InlineData("mail.example.com", "starttls", null, "secret", "no-reply@example.com", "UserName")]
    [InlineData("mail.example.com", "starttls", null, null, "Countersign <no-reply@example.com>", "From")]
    [InlineData("mail.example.com", "starttls", null, null, "no-reply", "From")]
    public void Settings_that_do_not_fit_are_refused(string host, string security, string? user, string? password, string from, string named)
    {
        var settings = new SmtpSettings { Host = host, Security = security, UserName = user, Password = password, From = from };

        var fault = Assert.Throws<SettingsException>(() => SmtpProviders.Create(settings));

        Assert.StartsWith(named, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", "none", "user", "secret")]
    [InlineData("127.0.0.1", "none", "user", "secret")]
    [InlineData("mail.example.com", "none", null, null)]
    [InlineData("mail.example.com", "tls", "user", "secret")]
    public async Task Settings_that_fit_are_taken(string host, string security, string? user, string? password)
    {
        await using var provider = SmtpProviders.Create(new SmtpSettings { Host = host, Security = security, UserName = user, Password = password, From = "no-reply@example.com" });

        Assert.Equal("mail", provider.Name);
    }

    [Fact]
    public void A_file_of_authorities_must_hold_some()
    {
        var path = Path.GetTempFileName();
        try
        {
            Assert.Throws<SettingsException>(() => SmtpProviders.Create(new SmtpSettings { Host = "h", From = "a@example.com", CaCertificateFile = path }));
            Assert.Throws<SettingsException>(() => SmtpProviders.Create(new SmtpSettings { Host = "h", From = "a@example.com", CaCertificateFile = path + ".absent" }));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static X509Certificate2 Certificate(string kind, TestAuthority authority, TestAuthority other) => kind switch
    {
        "expired" => authority.Issue(hasExpired: true),
        "another host" => authority.Issue("mail.example.com"),
        "self-signed" => TestAuthority.SelfSigned(),
        _ => other.Issue(),
    };

    private static async Task AssertUnusableAsync(SmtpProvider provider, string expected)
    {
        Assert.Equal(new DeliveryResult.Failed(expected), await provider.SendAsync(Messages.Of(Channel.Email), default));
        Assert.Equal(new ProviderHealth(false, expected), await provider.CheckAsync(default));
    }
}
