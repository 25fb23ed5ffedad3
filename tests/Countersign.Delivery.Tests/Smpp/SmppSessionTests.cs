using System.Net.Sockets;
using Countersign.Delivery.Smpp;
using CsCheck;

namespace Countersign.Delivery.Tests.Smpp;

/// <summary>One valid session, and what a server or a network may spoil in it.</summary>
public sealed class SmppSessionTests
{
    [Theory]
    [InlineData(0x0e, "ESME_RINVPASWD")]
    [InlineData(0x05, "ESME_RALYBND")]
    public async Task A_refused_bind_is_said_and_tried_again(uint status, string name)
    {
        await using var exchange = new SmppExchange(prepare: server => server.BindStatus = status);

        Assert.Equal(new DeliveryResult.Failed($"not bound: the bind failed: {name}"), await exchange.SendAsync());
        Assert.Equal(new ProviderHealth(false, $"not bound: the bind failed: {name}"), await exchange.CheckAsync());

        exchange.Server.BindStatus = 0;
        await BoundAgainAsync(exchange);
    }

    [Fact]
    public async Task The_waits_between_tries_double_up_to_the_longest()
    {
        await using var exchange = new SmppExchange(
            settings => (settings.Reconnect, settings.ReconnectMost) = (TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50)), prepare: server => server.BindStatus = 0x0d);
        exchange.Provider.Start();

        foreach (var wait in (int[])[10, 20, 40, 50, 50])
            Assert.EndsWith($"ESME_RBINDFAIL; the next try is in 00:00:00.0{wait}0000", await Signals.NextAsync(exchange.Log.Coming), StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_are_not_kept_without_bound_for_a_server_that_does_not_read()
    {
        var outgoing = new OutgoingPdus();

        var kept = 0;
        while (kept < 1_000_000 && outgoing.TryAdd(new EmptyPdu(CommandId.EnquireLinkResp), 0, 1)) kept++;

        Assert.InRange(kept * 16, 512 * 1024, 2 * 1024 * 1024);
    }

    [Fact]
    public async Task A_wrong_password_binds_nothing()
    {
        await using var exchange = new SmppExchange(settings => settings.Password = "guess");

        Assert.Equal(new DeliveryResult.Failed("not bound: the bind failed: ESME_RINVPASWD"), await exchange.SendAsync());
    }

    [Fact]
    public async Task A_server_that_does_not_answer_the_bind_is_given_up()
    {
        await using var exchange = new SmppExchange(settings => settings.ResponseTimeout = TimeSpan.FromMilliseconds(200), prepare: server => server.IsSilent = true);

        Assert.Equal(new DeliveryResult.Failed("not bound: the bind failed: no response in time"), await exchange.SendAsync());
    }

    [Fact]
    public async Task Where_nobody_listens_a_message_fails_at_once()
    {
        using var free = new TcpListener(System.Net.IPAddress.Loopback, 0);
        free.Start();
        var port = ((System.Net.IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        await using var exchange = new SmppExchange(settings => settings.Port = port);

        Assert.Equal(new DeliveryResult.Failed("not bound: the connection failed: ConnectionRefused"), await exchange.SendAsync());
    }

    [Fact]
    public async Task A_server_that_hangs_up_fails_what_waits_and_is_bound_to_again()
    {
        await using var exchange = new SmppExchange(prepare: server => server.Accepts = false);
        List<Task<DeliveryResult>> sending = [exchange.SendAsync(), exchange.SendAsync(new string('a', 400))];
        var peer = await exchange.Server.BoundAsync();
        await peer.SubmissionAsync();
        await peer.SubmissionAsync();

        peer.HangUp();

        Assert.All(await Task.WhenAll(sending), result => Assert.IsType<DeliveryResult.Failed>(result));
        await BoundAgainAsync(exchange);
    }

    // Each is one thing that no server may send: what waits fails, the connection is closed, and another is made.
    public static TheoryData<string, string, string> Spoiled => new()
    {
        { "an HTTP answer", "485454502F312E3120343030204261642052657175657374", "the server sent no PDU, or one of an impossible length" },
        { "a length below the header's", "0000000F800000040000000000000002", "the server sent no PDU, or one of an impossible length" },
        { "a length beyond any PDU", "7FFFFFFF800000040000000000000002", "the server sent no PDU, or one of an impossible length" },
        { "a response to nothing", "00000010800000150000000000000077", "the server answered what it was not asked" },
        { "a response of another kind", "00000010800000150000000000000002", "the server answered what it was not asked" },
        { "a response to the number of no request", "00000011800000040000000000000000" + "00", "the server answered what it was not asked" },
        { "an unknown response", "00000010800001230000000000000002", "the server answered what it was not asked" },
        { "an id without an end", "00000014800000040000000000000002" + "31323334", "the server sent a response that is not well formed" },
        { "a parameter cut off", "00000014800000040000000000000002" + "31000210", "the server sent a response that is not well formed" },
        { "a nack of nothing", "00000010800000000000000200000000", "the server answered what it was not asked" },
    };

    [Theory]
    [MemberData(nameof(Spoiled))]
    public async Task A_server_that_sends(string what, string octets, string reason)
    {
        Assert.NotEmpty(what);
        await using var exchange = new SmppExchange(prepare: server => server.Accepts = false);
        var sending = exchange.SendAsync();
        var peer = await exchange.Server.BoundAsync();
        await peer.SubmissionAsync();

        await peer.WriteAsync(Convert.FromHexString(octets), false);

        Assert.Equal(new DeliveryResult.Failed(reason), await sending);
        await peer.Closed.WaitAsync(Signals.Limit);
        await BoundAgainAsync(exchange);
    }

    [Theory]
    [InlineData("000000")]
    [InlineData("00000013800000040000000000000002")]
    [InlineData("00000013800000040000000000000002" + "3132")]
    public async Task A_server_that_hangs_up_in_the_middle_of_a_PDU_fails_what_waits(string octets)
    {
        await using var exchange = new SmppExchange(prepare: server => server.Accepts = false);
        var sending = exchange.SendAsync();
        var peer = await exchange.Server.BoundAsync();
        await peer.SubmissionAsync();

        await peer.WriteAsync(Convert.FromHexString(octets), false);
        peer.HangUp();

        Assert.IsType<DeliveryResult.Failed>(await sending);
        await BoundAgainAsync(exchange);
    }

    [Fact]
    public async Task No_octets_of_a_server_do_more_than_end_its_session()
        => await Gen.Byte.Array[1, 200].SampleAsync(async noise =>
        {
            await using var exchange = new SmppExchange(settings => settings.ResponseTimeout = TimeSpan.FromSeconds(2), prepare: server => server.Accepts = false);
            var sending = exchange.SendAsync();
            var peer = await exchange.Server.BoundAsync();
            await peer.SubmissionAsync();

            try
            {
                await peer.WriteAsync(noise, inPieces: noise.Length % 2 == 0);
            }
            catch (IOException)
            {
                // The client has seen enough and closed the connection.
            }
            peer.HangUp();

            Assert.IsType<DeliveryResult.Failed>(await sending);
        }, iter: 20, threads: 1);

    [Fact]
    public async Task A_response_split_over_many_TCP_segments_is_read_whole()
    {
        await using var exchange = new SmppExchange(prepare: server => server.Accepts = false);
        var sending = exchange.SendAsync();
        var peer = await exchange.Server.BoundAsync();
        var submission = await peer.SubmissionAsync();

        await peer.WriteAsync(SmppPeer.Build(0x80000004, 0, submission.Sequence, [.. "one-octet-at-a-time\0"u8]), inPieces: true);

        Assert.Equal(new DeliveryResult.Accepted("one-octet-at-a-time"), await sending);
    }

    [Fact]
    public async Task A_quiet_server_is_asked_whether_it_is_there_and_left_when_it_is_not()
    {
        await using var exchange = new SmppExchange(settings => (settings.EnquireLink, settings.ResponseTimeout) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500)));
        exchange.Provider.Start();
        var peer = await exchange.Server.BoundAsync();
        await Signals.NextAsync(peer.Enquiries);
        await Signals.NextAsync(peer.Enquiries);
        Assert.False(peer.Closed.IsCompleted);

        peer.AnswersEnquiries = false;

        await peer.Closed.WaitAsync(Signals.Limit);
        await exchange.Server.BoundAsync();
    }

    [Fact]
    public async Task A_server_that_leaves_a_whole_window_unanswered_is_left()
    {
        await using var exchange = new SmppExchange(settings => (settings.Window, settings.ResponseTimeout) = (2, TimeSpan.FromMilliseconds(500)),
            prepare: server => server.Accepts = false);
        exchange.Provider.Start();
        var peer = await exchange.Server.BoundAsync();
        exchange.Server.Window = int.MaxValue;

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => exchange.SendAsync()));

        Assert.All(results, result => Assert.IsType<DeliveryResult.Failed>(result));
        await peer.Closed.WaitAsync(Signals.Limit);
    }

    [Fact]
    public async Task A_server_may_ask_whether_the_client_is_there()
    {
        await using var exchange = new SmppExchange();
        exchange.Provider.Start();
        var peer = await exchange.Server.BoundAsync();

        Assert.Equal(0u, await peer.AskAsync(0x15, []));
    }

    [Fact]
    public async Task A_server_that_unbinds_is_answered_and_bound_to_again()
    {
        await using var exchange = new SmppExchange();
        exchange.Provider.Start();
        var peer = await exchange.Server.BoundAsync();

        Assert.Equal(0u, await peer.AskAsync(0x06, []));

        await peer.Closed.WaitAsync(Signals.Limit);
        await BoundAgainAsync(exchange);
    }

    [Theory]
    [InlineData(0x103)]
    [InlineData(0x04)]
    [InlineData(0x7777)]
    public async Task What_a_client_cannot_be_asked_gets_a_generic_nack_and_the_session_goes_on(uint command)
    {
        await using var exchange = new SmppExchange();
        exchange.Provider.Start();
        var peer = await exchange.Server.BoundAsync();

        Assert.Equal(0x03u, await peer.AskAsync(command, [1, 2, 3]));
        await peer.SendAsync(0x102, 0, 5, [1, 1, 0, 1, 1, 0]);

        Assert.IsType<DeliveryResult.Accepted>(await exchange.SendAsync());
    }

    [Fact]
    public async Task A_session_that_is_lost_again_and_again_is_made_again_each_time()
    {
        await using var exchange = new SmppExchange();
        exchange.Provider.Start();

        for (var times = 0; times < 5; times++) (await exchange.Server.BoundAsync()).HangUp();

        await BoundAgainAsync(exchange);
    }

    /// <summary>Waits for the next connection and sends a message over it.</summary>
    private static async Task BoundAgainAsync(SmppExchange exchange)
    {
        exchange.Server.Accepts = true;
        for (var last = exchange.SendAsync(); await last is not DeliveryResult.Accepted; last = exchange.SendAsync()) await exchange.Server.PeerAsync();
    }
}
