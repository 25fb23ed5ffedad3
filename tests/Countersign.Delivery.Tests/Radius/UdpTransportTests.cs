using System.Net;
using System.Net.Sockets;
using System.Text;
using Countersign.Delivery.Radius;
using Countersign.Factors.BackEnds;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Delivery.Tests.Radius;

/// <summary>Sending again, waiting and passing servers over, on a clock that only the tests move, against servers that say what the tests say.</summary>
public sealed class UdpTransportTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _clock = new();
    private readonly Peer _first = new(), _second = new();

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task What_is_sent_again_is_the_same_packet_from_the_same_port()
    {
        await using var backEnd = BackEnd(_first);
        var asking = AskAsync(backEnd);

        var once = await _first.ReceiveAsync();
        _clock.Advance(TimeSpan.FromSeconds(2.2));
        var twice = await _first.ReceiveAsync();
        _clock.Advance(TimeSpan.FromSeconds(4.4));   // twice as long, and a tenth more
        var thrice = await _first.ReceiveAsync();
        await _first.AnswerAsync(thrice);

        Assert.IsType<TokenAnswer.Accepted>(await asking.WaitAsync(Patience));
        Assert.Equal(once.Buffer, twice.Buffer);
        Assert.Equal(once.Buffer, thrice.Buffer);
        Assert.Equal(once.RemoteEndPoint, thrice.RemoteEndPoint);
    }

    [Fact]
    public async Task Two_requests_share_neither_port_nor_authenticator()
    {
        await using var backEnd = BackEnd(_first);
        var asking = (AskAsync(backEnd), AskAsync(backEnd));

        var one = await _first.ReceiveAsync();
        var other = await _first.ReceiveAsync();
        await _first.AnswerAsync(other);
        await _first.AnswerAsync(one);

        Assert.NotEqual(one.RemoteEndPoint, other.RemoteEndPoint);
        Assert.NotEqual(one.Buffer[4..20], other.Buffer[4..20]);
        Assert.IsType<TokenAnswer.Accepted>(await asking.Item1.WaitAsync(Patience));
        Assert.IsType<TokenAnswer.Accepted>(await asking.Item2.WaitAsync(Patience));
    }

    [Fact]
    public async Task Wrong_answers_are_passed_over_until_the_right_one_comes()
    {
        await using var backEnd = BackEnd(_first);
        var asking = AskAsync(backEnd);
        var request = await _first.ReceiveAsync();

        await _first.SendAsync(request.RemoteEndPoint, []);
        await _first.SendAsync(request.RemoteEndPoint, new byte[5000]);
        await _first.AnswerAsync(request, secret: "guessed");
        await _first.AnswerAsync(request, identifier: (byte)(request.Buffer[1] + 1));
        await _second.AnswerAsync(request, RadiusCode.AccessReject);   // the right secret, from the wrong address
        await _first.AnswerAsync(request);

        Assert.IsType<TokenAnswer.Accepted>(await asking.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_silent_server_is_passed_over_until_its_time_is_over()
    {
        await using var backEnd = BackEnd(_first, _second);

        var asking = AskAsync(backEnd);
        await _first.ReceiveAsync();
        _clock.Advance(TimeSpan.FromSeconds(7));
        await _second.AnswerAsync(await _second.ReceiveAsync());
        Assert.IsType<TokenAnswer.Accepted>(await asking.WaitAsync(Patience));

        asking = AskAsync(backEnd);
        await _second.AnswerAsync(await _second.ReceiveAsync());
        Assert.IsType<TokenAnswer.Accepted>(await asking.WaitAsync(Patience));

        _clock.Advance(TimeSpan.FromSeconds(30));
        _first.Forget();
        asking = AskAsync(backEnd);
        await _first.AnswerAsync(await _first.ReceiveAsync());
        Assert.IsType<TokenAnswer.Accepted>(await asking.WaitAsync(Patience));
    }

    [Fact]
    public async Task When_no_server_is_left_all_are_asked()
    {
        await using var backEnd = BackEnd(_first, _second);
        var asking = AskAsync(backEnd);
        await _first.ReceiveAsync();
        _clock.Advance(TimeSpan.FromSeconds(7));
        await _second.ReceiveAsync();
        _clock.Advance(TimeSpan.FromSeconds(7));
        Assert.IsType<TokenAnswer.Silent>(await asking.WaitAsync(Patience));
        _first.Forget();

        asking = AskAsync(backEnd);
        await _first.AnswerAsync(await _first.ReceiveAsync());

        Assert.IsType<TokenAnswer.Accepted>(await asking.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_challenge_is_continued_by_the_server_that_it_came_from()
    {
        await using var backEnd = BackEnd(_first, _second);
        var asking = AskAsync(backEnd);
        await _first.ReceiveAsync();
        _clock.Advance(TimeSpan.FromSeconds(7));
        await _second.AnswerAsync(await _second.ReceiveAsync(), RadiusCode.AccessChallenge, state: [7, 8]);
        var challenge = Assert.IsType<TokenAnswer.Challenged>(await asking.WaitAsync(Patience));
        _clock.Advance(TimeSpan.FromSeconds(60));   // the first server would be asked again by now
        _first.Forget();

        asking = AskAsync(backEnd, challenge.State);
        var continued = await _second.ReceiveAsync();
        await _second.AnswerAsync(continued);

        Assert.IsType<TokenAnswer.Accepted>(await asking.WaitAsync(Patience));
        Assert.Contains("18040708", Convert.ToHexString(continued.Buffer), StringComparison.Ordinal);
        Assert.True(challenge.State.Length <= TokenAnswer.LongestState);
    }

    [Fact]
    public async Task Who_gives_up_is_not_kept_waiting()
    {
        await using var backEnd = BackEnd(_first);
        using var given = new CancellationTokenSource();
        var asking = backEnd.CheckAsync(Check(), given.Token).AsTask();
        await _first.ReceiveAsync();

        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WaitAsync(Patience));
    }

    [Fact]
    public async Task No_more_is_asked_at_once_than_is_allowed()
    {
        await using var backEnd = BackEnd(1, _first);
        var one = AskAsync(backEnd);
        var other = AskAsync(backEnd);

        var first = await _first.ReceiveAsync();
        await _first.AnswerAsync(first);
        await one.WaitAsync(Patience);
        await _first.AnswerAsync(await _first.ReceiveAsync());

        Assert.IsType<TokenAnswer.Accepted>(await other.WaitAsync(Patience));
    }

    private RadiusBackEnd BackEnd(params Peer[] servers) => BackEnd(64, servers);

    private RadiusBackEnd BackEnd(int mostAtOnce, params Peer[] servers) => new(
        new RadiusSettings { MostAtOnce = mostAtOnce },
        [.. servers.Select((server, i) => ($"{i}", new RadiusServerSettings { Host = "127.0.0.1", Port = server.Port, Secret = Peer.Secret }))],
        _clock, NullLogger.Instance);

    private static Task<TokenAnswer> AskAsync(RadiusBackEnd backEnd, ReadOnlyMemory<byte> state = default) => backEnd.CheckAsync(Check(state), CancellationToken.None).AsTask();

    private static TokenCheck Check(ReadOnlyMemory<byte> state = default) => new() { Provider = "RSA", CredentialId = "ines", PassCode = "1234", State = state };

    /// <summary>A server on a loopback port, played by the test.</summary>
    private sealed class Peer : IDisposable
    {
        public const string Secret = "testing123";
        private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));

        public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

        public async Task<UdpReceiveResult> ReceiveAsync() => await _socket.ReceiveAsync().WaitAsync(Patience);

        /// <summary>Throws away what came and was not looked at.</summary>
        public void Forget()
        {
            IPEndPoint? from = null;
            while (_socket.Available > 0) _socket.Receive(ref from);
        }

        public async Task SendAsync(IPEndPoint to, byte[] packet) => await _socket.SendAsync(packet, to);

        public Task AnswerAsync(UdpReceiveResult request, RadiusCode code = RadiusCode.AccessAccept, string secret = Secret, byte? identifier = null, byte[]? state = null)
        {
            var answer = new RadiusPacketTests.Answer
            {
                Code = (byte)code,
                Identifier = identifier ?? request.Buffer[1],
                Secret = Encoding.ASCII.GetBytes(secret),
                RequestAuthenticator = request.Buffer[4..20],
            };
            if (state is not null) answer.Attributes.Add([24, (byte)(state.Length + 2), .. state]);
            return SendAsync(request.RemoteEndPoint, answer.Bytes());
        }

        public void Dispose() => _socket.Dispose();
    }
}
