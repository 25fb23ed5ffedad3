using System.Text;
using Countersign.Delivery.SymantecVip;
using Countersign.Factors.BackEnds;
using Countersign.Settings;
using Countersign.Testing.BackEnds;
using Countersign.Testing.Delivery;
using Countersign.Testing.Mail;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Delivery.Tests.SymantecVip;

public sealed class VipBackEndTests : IAsyncDisposable
{
    private const string Password = "certificate-password";
    private readonly VipCounterpart _service = new();

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_service.Faults);
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task A_code_is_validated_and_two_are_synchronized()
    {
        using var backEnd = BackEnd();

        Assert.IsType<TokenAnswer.Accepted>(await AskAsync(backEnd, VipCounterpart.Code(500), VipCounterpart.Code(501)));
        Assert.IsType<TokenAnswer.Accepted>(await AskAsync(backEnd, VipCounterpart.Code(502)));
        Assert.IsType<TokenAnswer.Rejected>(await AskAsync(backEnd, VipCounterpart.Code(502)));
        Assert.IsType<TokenAnswer.Rejected>(await AskAsync(backEnd, VipCounterpart.Code(510), VipCounterpart.Code(512)));
        Assert.Equal(["Synchronize", "Validate", "Validate", "Synchronize"], _service.Operations);
    }

    [Fact]
    public async Task A_code_far_ahead_wants_the_next_one_which_continues_it()
    {
        using var backEnd = BackEnd();

        var asked = Assert.IsType<TokenAnswer.Challenged>(await AskAsync(backEnd, VipCounterpart.Code(100)));
        var wrong = await AskAsync(backEnd, VipCounterpart.Code(102), state: asked.State);
        var right = await AskAsync(backEnd, VipCounterpart.Code(101), state: asked.State);

        Assert.IsType<TokenAnswer.Rejected>(wrong);
        Assert.IsType<TokenAnswer.Accepted>(right);
        Assert.NotNull(asked.Prompt);
    }

    [Theory, InlineData("4990"), InlineData("4993"), InlineData("4994"), InlineData("499F")]
    public async Task A_credential_that_may_not_be_used_looks_like_a_wrong_code(string reason)
    {
        using var backEnd = BackEnd();
        _service.StateReason = reason;

        Assert.IsType<TokenAnswer.Rejected>(await AskAsync(backEnd, VipCounterpart.Code(0)));
    }

    [Theory, InlineData("4E00"), InlineData("4E03"), InlineData("4879"), InlineData("0001")]
    public async Task A_service_that_does_not_serve_us_refuses(string reason)
    {
        using var backEnd = BackEnd();
        _service.StateReason = reason;

        Assert.IsType<TokenAnswer.Refused>(await AskAsync(backEnd, VipCounterpart.Code(0)));
    }

    [Fact]
    public async Task A_credential_that_nobody_knows_is_refused_whatever_its_name()
    {
        using var backEnd = BackEnd();

        Assert.IsType<TokenAnswer.Refused>(await AskAsync(backEnd, "123456", credential: "</vip:TokenId><x>&\"' \u00e4"));
    }

    public static TheoryData<string, Func<string, string>> Spoiled => new()
    {
        { "nothing", _ => "" },
        { "no XML", _ => "0000" },
        { "another id", _ => VipCounterpart.Document("Validate", "CS0", "0000") },
        { "another operation", id => VipCounterpart.Document("Synchronize", id, "0000") },
        { "another namespace", id => VipCounterpart.Document("Validate", id, "0000").Replace("2006/08", "2006/09", StringComparison.Ordinal) },
        { "another envelope", id => VipCounterpart.Document("Validate", id, "0000").Replace("soap/envelope", "soap/letter", StringComparison.Ordinal) },
        { "no reason", id => VipCounterpart.Document("Validate", id, "") },
        { "half a reason", id => VipCounterpart.Document("Validate", id, "00") },
        { "a reason with more in it", id => VipCounterpart.Document("Validate", id, "<a/>0000") },
        { "no reason but a message", id => VipCounterpart.Document("Validate", id, "0000").Replace("ReasonCode", "Reason", StringComparison.Ordinal) },
        { "a document type", id => VipCounterpart.Document("Validate", id, "&r;").Replace("?>", "?><!DOCTYPE Envelope [<!ENTITY r '0000'>]>", StringComparison.Ordinal) },
        { "the beginning alone", id => VipCounterpart.Document("Validate", id, "0000").Replace("</Envelope>", "", StringComparison.Ordinal) },
        { "two documents", id => VipCounterpart.Document("Validate", id, "0000") + "<a/>" },
        { "a fault", _ => "<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'><Body><Fault><faultcode>Server</faultcode></Fault></Body></Envelope>" },
        { "more than is read", id => VipCounterpart.Document("Validate", id, "0000") + new string(' ', 70_000) },
    };

    [Theory, MemberData(nameof(Spoiled))]
    public async Task What_is_no_answer_to_the_request_accepts_nothing(string what, Func<string, string> spoil)
    {
        using var backEnd = BackEnd();
        _service.AnswerWith(id => Reply.Json(200, spoil(id)));

        Assert.True(await AskAsync(backEnd, VipCounterpart.Code(0)) is TokenAnswer.Refused, what);
    }

    [Theory, InlineData(400), InlineData(401), InlineData(500), InlineData(302)]
    public async Task A_status_other_than_success_accepts_nothing(int status)
    {
        using var backEnd = BackEnd();
        _service.AnswerWith(id => Reply.Json(status, VipCounterpart.Document("Validate", id, "0000")));

        Assert.IsType<TokenAnswer.Refused>(await AskAsync(backEnd, VipCounterpart.Code(0)));
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_silent()
    {
        using var backEnd = BackEnd(settings => settings.Timeout = TimeSpan.FromSeconds(0.5));

        foreach (var reply in (Reply[])[Reply.Silence, Reply.HangUp, Reply.Stalled(200, "<Envelope"), Reply.CutOff(200, "<Envelope")])
        {
            _service.AnswerWith(_ => reply);
            Assert.IsType<TokenAnswer.Silent>(await AskAsync(backEnd, VipCounterpart.Code(0)));
        }
    }

    [Fact]
    public async Task Only_the_right_service_is_asked_and_only_with_a_certificate_that_it_knows()
    {
        using var stranger = new TestAuthority();
        using var distrusting = BackEnd(settings => settings.CaFile = stranger.CertificateFile);
        using var otherName = BackEnd(settings => settings.Url = new UriBuilder(settings.Url) { Host = "127.0.0.1" }.Uri);
        using var unknown = BackEnd(settings => settings.CertificateFile = _service.ClientCertificate(Password, isTrusted: false));

        foreach (var wrong in (VipBackEnd[])[distrusting, otherName, unknown])
            Assert.IsType<TokenAnswer.Silent>(await AskAsync(wrong, VipCounterpart.Code(0)));
        Assert.Empty(_service.Operations);
    }

    [Fact]
    public void What_cannot_work_is_said_at_the_start()
    {
        Assert.Throws<SettingsException>(() => BackEnd(settings => settings.Url = new Uri("http://vip.example.com/val/soap")));
        Assert.Throws<SettingsException>(() => BackEnd(settings => settings.CertificateFile = ""));
        Assert.Throws<SettingsException>(() => BackEnd(settings => settings.CertificateFile = "/nowhere/vip.pfx"));
        Assert.Throws<SettingsException>(() => BackEnd(settings => settings.CertificatePassword = "another"));
        Assert.Throws<SettingsException>(() => BackEnd(settings => settings.CaFile = "/nowhere/ca.pem"));
    }

    [Fact]
    public void No_octets_make_the_reader_throw()
        => Gen.Byte.Array[0, 300].Sample(octets => VipMessages.ReadReason(octets, VipMessages.Validate, "CS0") is null);

    [Fact]
    public void No_octet_can_be_changed_so_that_reading_throws()
    {
        var right = Encoding.UTF8.GetBytes(VipCounterpart.Document("Validate", "CS0", "0000"));

        Gen.Select(Gen.Int[0, right.Length - 1], Gen.Byte).Sample((at, octet) =>
        {
            var document = (byte[])right.Clone();
            document[at] = octet;
            _ = VipMessages.ReadReason(document, VipMessages.Validate, "CS0");
        });
        Assert.Equal("0000", VipMessages.ReadReason(right, VipMessages.Validate, "CS0"));
    }

    private VipBackEnd BackEnd(Action<VipSettings>? change = null)
    {
        var settings = new VipSettings { Url = _service.Url, CertificateFile = _service.ClientCertificate(Password), CertificatePassword = Password, CaFile = _service.Authority.CertificateFile };
        change?.Invoke(settings);
        return new VipBackEnd(settings, TimeProvider.System, NullLogger.Instance);
    }

    private static async Task<TokenAnswer> AskAsync(VipBackEnd backEnd, string code, string? next = null, string credential = VipCounterpart.CredentialId, ReadOnlyMemory<byte> state = default)
        => await backEnd.CheckAsync(new TokenCheck { Provider = "SYMANTEC", CredentialId = credential, PassCode = code, NextPassCode = next, State = state }, CancellationToken.None);
}
