using System.Text;
using Countersign.Delivery.Radius;
using Countersign.Factors.BackEnds;
using Countersign.Testing.BackEnds;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Delivery.Tests.Radius;

/// <summary>The client against FreeRADIUS, over UDP and over TLS.</summary>
public sealed class FreeRadiusTests : IAsyncLifetime
{
    private FreeRadius _server = null!;

    public async Task InitializeAsync() => _server = await FreeRadius.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_right_passcode_is_accepted_and_a_wrong_one_rejected(bool tls)
    {
        await using var backEnd = BackEnd(tls);

        Assert.IsType<TokenAnswer.Accepted>(await AskAsync(backEnd, FreeRadius.Ines, FreeRadius.Passcode));
        Assert.IsType<TokenAnswer.Rejected>(await AskAsync(backEnd, FreeRadius.Ines, "123481059"));
        Assert.IsType<TokenAnswer.Rejected>(await AskAsync(backEnd, "nobody", FreeRadius.Passcode));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_challenge_is_continued_with_its_state(bool tls)
    {
        await using var backEnd = BackEnd(tls);

        var challenge = Assert.IsType<TokenAnswer.Challenged>(await AskAsync(backEnd, FreeRadius.Next, "123400000000"));
        var wrong = await AskAsync(backEnd, FreeRadius.Next, "123400000001", state: challenge.State);
        var right = await AskAsync(backEnd, FreeRadius.Next, FreeRadius.Passcode, state: challenge.State);

        Assert.Equal(FreeRadius.Prompt, challenge.Prompt);
        Assert.IsType<TokenAnswer.Rejected>(wrong);
        Assert.IsType<TokenAnswer.Accepted>(right);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Of_two_consecutive_passcodes_both_must_be_right(bool tls)
    {
        await using var backEnd = BackEnd(tls);

        Assert.IsType<TokenAnswer.Accepted>(await AskAsync(backEnd, FreeRadius.Ines, FreeRadius.Passcode, "123411111111"));
        Assert.IsType<TokenAnswer.Rejected>(await AskAsync(backEnd, FreeRadius.Ines, FreeRadius.Passcode, "000011111111"));
        Assert.IsType<TokenAnswer.Rejected>(await AskAsync(backEnd, FreeRadius.Ines, "000011111111", FreeRadius.Passcode));
        // A server that asks for the second one gets it with its State.
        Assert.IsType<TokenAnswer.Accepted>(await AskAsync(backEnd, FreeRadius.Next, "123400000000", FreeRadius.Passcode));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_longest_passcode_and_a_name_that_is_not_ASCII_arrive_as_they_are(bool tls)
    {
        await using var backEnd = BackEnd(tls);

        Assert.Equal(128, Encoding.UTF8.GetByteCount(FreeRadius.Long));
        Assert.IsType<TokenAnswer.Accepted>(await AskAsync(backEnd, FreeRadius.LongUser, FreeRadius.Long));
        Assert.IsType<TokenAnswer.Rejected>(await AskAsync(backEnd, FreeRadius.LongUser, FreeRadius.Long[..^1] + "7"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Silence_is_silence(bool tls)
    {
        await using var backEnd = BackEnd(tls, timeout: 0.3);

        Assert.IsType<TokenAnswer.Silent>(await AskAsync(backEnd, FreeRadius.Silent, FreeRadius.Passcode));
        // The server is not given up for it: none is left.
        await using var patient = BackEnd(tls);
        Assert.IsType<TokenAnswer.Accepted>(await AskAsync(patient, FreeRadius.Ines, FreeRadius.Passcode));
    }

    [Fact]
    public async Task A_server_with_another_secret_does_not_answer()
    {
        await using var backEnd = BackEnd(false, timeout: 0.3, change: server => server.Secret = "another-secret");

        Assert.IsType<TokenAnswer.Silent>(await AskAsync(backEnd, FreeRadius.Ines, FreeRadius.Passcode));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_without_a_message_authenticator_counts_only_where_that_is_allowed(bool tls)
    {
        await using var strict = BackEnd(tls, timeout: 0.3);
        await using var lenient = BackEnd(tls, change: server => server.RequireMessageAuthenticator = false);

        Assert.IsType<TokenAnswer.Silent>(await AskAsync(strict, FreeRadius.Old, FreeRadius.Passcode));
        Assert.IsType<TokenAnswer.Accepted>(await AskAsync(lenient, FreeRadius.Old, FreeRadius.Passcode));
        Assert.IsType<TokenAnswer.Rejected>(await AskAsync(lenient, FreeRadius.Old, "0"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Many_passcodes_at_once_get_each_their_own_answer(bool tls)
    {
        await using var backEnd = BackEnd(tls);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i
            => (IsRight: i % 3 == 0, Answer: await AskAsync(backEnd, FreeRadius.Ines, i % 3 == 0 ? $"1234{i:00000000}" : $"4321{i:00000000}"))));

        Assert.All(answers, answer => Assert.Equal(answer.IsRight, answer.Answer is TokenAnswer.Accepted));
        Assert.All(answers, answer => Assert.True(answer.Answer is TokenAnswer.Accepted or TokenAnswer.Rejected));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_passed_over_for_the_next()
    {
        var (host, settings) = ("127.0.0.1", Settings(5));
        // Nobody listens at the first: a port that was free a moment ago.
        using var closed = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var port = ((System.Net.IPEndPoint)closed.Client.LocalEndPoint!).Port;
        closed.Close();
        await using var backEnd = new RadiusBackEnd(settings,
        [
            ("1", new RadiusServerSettings { Host = host, Port = port, Secret = FreeRadius.Secret }),
            ("2", new RadiusServerSettings { Host = host, Port = _server.Port, Secret = FreeRadius.Secret }),
        ], TimeProvider.System, NullLogger.Instance);

        Assert.IsType<TokenAnswer.Accepted>(await AskAsync(backEnd, FreeRadius.Ines, FreeRadius.Passcode));
    }

    [Fact]
    public async Task TLS_is_opened_only_to_the_right_server_with_the_right_certificate()
    {
        await using var nameless = BackEnd(true, change: server => server.TlsHost = "radius.example.com");
        await using var distrusting = BackEnd(true, change: server => server.CaFile = "");
        await using var unknown = BackEnd(true, change: server => server.CertificateFile = _server.ClientCertificate(isTrusted: false));
        await using var without = BackEnd(true, change: server => server.CertificateFile = "");
        await using var right = BackEnd(true);

        foreach (var wrong in (RadiusBackEnd[])[nameless, distrusting, unknown, without])
            Assert.IsType<TokenAnswer.Silent>(await AskAsync(wrong, FreeRadius.Ines, FreeRadius.Passcode));
        Assert.IsType<TokenAnswer.Accepted>(await AskAsync(right, FreeRadius.Ines, FreeRadius.Passcode));
    }

    private RadiusBackEnd BackEnd(bool tls, double timeout = 20, Action<RadiusServerSettings>? change = null)
    {
        var server = new RadiusServerSettings { Host = "127.0.0.1", Port = tls ? _server.TlsPort : _server.Port, Tls = tls, Secret = tls ? "" : FreeRadius.Secret };
        if (tls) (server.TlsHost, server.CaFile, server.CertificateFile) = ("localhost", _server.Authority.CertificateFile, _server.ClientCertificate());
        change?.Invoke(server);
        return new RadiusBackEnd(Settings(timeout), [("main", server)], TimeProvider.System, NullLogger.Instance);
    }

    private static RadiusSettings Settings(double timeout) => new() { Timeout = TimeSpan.FromSeconds(timeout), ResendAfter = TimeSpan.FromSeconds(timeout / 8), DeadFor = TimeSpan.FromHours(1) };

    private static async Task<TokenAnswer> AskAsync(RadiusBackEnd backEnd, string user, string passCode, string? next = null, ReadOnlyMemory<byte> state = default)
        => await backEnd.CheckAsync(new TokenCheck { Provider = "RSA", CredentialId = user, PassCode = passCode, NextPassCode = next, State = state, ClientAddress = "198.51.100.23" }, CancellationToken.None);
}
