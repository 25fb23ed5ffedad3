using Countersign.Outbox;

namespace Countersign.Delivery.Tests.Smpp;

public sealed class SmppReceiptTests
{
    private const uint Ok = 0, TemporaryError = 0x64, PermanentError = 0x65;

    [Fact]
    public async Task A_receipt_is_noted_and_then_taken()
    {
        await using var exchange = new SmppExchange();
        await exchange.SendAsync();
        var peer = await exchange.Server.PeerAsync();

        Assert.Equal(Ok, await peer.AskAsync(0x05, Deliveries.Receipt("m2", "UNDELIV", "034")));

        Assert.Equal(("smpp-one", "m2", ReceiptStatus.Undelivered, "UNDELIV, error 034"), await Signals.NextAsync(exchange.Receipts.Noted));
    }

    [Fact]
    public async Task A_receipt_split_over_many_TCP_segments_is_read_whole()
    {
        await using var exchange = new SmppExchange();
        exchange.Provider.Start();
        var peer = await exchange.Server.BoundAsync();

        Assert.Equal(Ok, await peer.AskAsync(0x05, Deliveries.Receipt("m2", "DELIVRD", "000", Deliveries.MessageState(2)), inPieces: true));

        Assert.Equal(("smpp-one", "m2", ReceiptStatus.Delivered, null), await Signals.NextAsync(exchange.Receipts.Noted));
    }

    [Fact]
    public async Task A_receipt_that_cannot_be_noted_is_sent_again()
    {
        await using var exchange = new SmppExchange();
        exchange.Provider.Start();
        var peer = await exchange.Server.BoundAsync();
        exchange.Receipts.Fault = new TimeoutException("the store is away");
        Assert.Equal(TemporaryError, await peer.AskAsync(0x05, Deliveries.Receipt("m2", "DELIVRD")));

        exchange.Receipts.Fault = null;

        Assert.Equal(Ok, await peer.AskAsync(0x05, Deliveries.Receipt("m2", "DELIVRD")));
        Assert.Equal("m2", (await Signals.NextAsync(exchange.Receipts.Noted)).Reference);
    }

    [Fact]
    public async Task A_receipt_before_the_answer_that_tells_its_id_is_sent_again()
    {
        await using var exchange = new SmppExchange(prepare: server => server.Accepts = false);
        exchange.Receipts.Knows = _ => false;
        var sending = exchange.SendAsync();
        var peer = await exchange.Server.BoundAsync();
        var submission = await peer.SubmissionAsync();
        Assert.Equal(TemporaryError, await peer.AskAsync(0x05, Deliveries.Receipt("early", "DELIVRD")));

        await peer.AcceptAsync(submission, "early");
        Assert.Equal(new DeliveryResult.Accepted("early"), await sending);
        Assert.Equal(TemporaryError, await peer.AskAsync(0x05, Deliveries.Receipt("early", "DELIVRD")));
        exchange.Receipts.Knows = reference => reference == "early";

        Assert.Equal(Ok, await peer.AskAsync(0x05, Deliveries.Receipt("early", "DELIVRD")));
        Assert.Equal("early", (await Signals.NextAsync(exchange.Receipts.Noted)).Reference);
    }

    [Fact]
    public async Task A_receipt_of_nothing_that_was_sent_here_is_taken_and_not_asked_for_forever()
    {
        await using var exchange = new SmppExchange(prepare: server => server.Accepts = false);
        exchange.Receipts.Knows = _ => false;
        exchange.Provider.Start();
        var peer = await exchange.Server.BoundAsync();
        Assert.Equal(Ok, await peer.AskAsync(0x05, Deliveries.Receipt("foreign", "DELIVRD")));

        var sending = exchange.SendAsync();
        var submission = await peer.SubmissionAsync();

        Assert.Equal(TemporaryError, await peer.AskAsync(0x05, Deliveries.Receipt("other", "DELIVRD")));
        Assert.Equal(Ok, await peer.AskAsync(0x05, Deliveries.Receipt("other", "DELIVRD")));
        await peer.AcceptAsync(submission, "mine");
        await sending;
    }

    [Fact]
    public async Task Where_it_is_set_an_id_in_hexadecimal_is_kept_as_the_receipts_have_it()
    {
        await using var exchange = new SmppExchange(settings => settings.MessageIds = "hexToDecimal", prepare: server => server.Accepts = false);
        var sending = exchange.SendAsync();
        var peer = await exchange.Server.BoundAsync();

        await peer.AcceptAsync(await peer.SubmissionAsync(), "7F3A");
        Assert.Equal(new DeliveryResult.Accepted("32570"), await sending);

        exchange.Receipts.Knows = reference => reference == "32570";
        Assert.Equal(Ok, await peer.AskAsync(0x05, Deliveries.Receipt("0000032570", "DELIVRD")));
        Assert.Equal(Ok, await peer.AskAsync(0x05, Deliveries.Body(0x04, 0, [], Deliveries.ReceiptedMessageId("7F3A"), Deliveries.MessageState(2))));
        Assert.Equal("32570", (await Signals.NextAsync(exchange.Receipts.Noted)).Reference);
        Assert.Equal("32570", (await Signals.NextAsync(exchange.Receipts.Noted)).Reference);
    }

    [Fact]
    public async Task A_message_of_a_phone_is_taken_and_ignored_and_a_delivery_that_is_not_well_formed_is_refused_for_good()
    {
        await using var exchange = new SmppExchange();
        exchange.Provider.Start();
        var peer = await exchange.Server.BoundAsync();

        Assert.Equal(Ok, await peer.AskAsync(0x05, Deliveries.Body(0x00, 0, "STOP"u8.ToArray())));
        Assert.Equal(Ok, await peer.AskAsync(0x05, Deliveries.Body(0x04, 0, "no receipt"u8.ToArray())));
        Assert.Equal(PermanentError, await peer.AskAsync(0x05, Deliveries.Receipt("m2", "DELIVRD")[..^3]));

        Assert.IsType<DeliveryResult.Accepted>(await exchange.SendAsync());
        Assert.False(exchange.Receipts.Noted.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Many_receipts_at_once_are_all_answered_and_none_is_taken_without_being_noted()
    {
        await using var exchange = new SmppExchange();
        exchange.Provider.Start();
        var peer = await exchange.Server.BoundAsync();

        var octets = Enumerable.Range(1, 2_000).SelectMany(number => SmppPeer.Build(0x05, 0, (uint)number, Deliveries.Receipt($"r{number}", "DELIVRD"))).ToArray();
        await peer.WriteAsync(octets, false);

        var taken = 0;
        for (var left = 2_000; left > 0; left--)
        {
            var status = (await Signals.NextAsync(peer.Responses)).Status;
            Assert.True(status is Ok or TemporaryError);
            if (status == Ok) taken++;
        }
        Assert.Equal(taken, exchange.Receipts.Noted.Reader.Count);
        Assert.True(taken > 0);
    }
}
