using System.Globalization;
using System.Text;
using Countersign.Delivery.Smpp;
using Countersign.Settings;
using Countersign.Texts;

namespace Countersign.Delivery.Tests.Smpp;

public sealed class SmppProviderTests
{
    [Fact]
    public async Task A_message_goes_out_whole_and_is_accepted_under_the_servers_id()
    {
        await using var exchange = new SmppExchange();

        Assert.Equal(new DeliveryResult.Accepted("m2"), await exchange.SendAsync());

        var received = await (await exchange.Server.PeerAsync()).SubmissionAsync();
        Assert.Equal(((byte)5, (byte)0, "Countersign"), received.Source);
        Assert.Equal(((byte)1, (byte)1, "14155550142"), received.Destination);
        Assert.Equal("Your verification code is 482915.", Gsm7.Decode(received.Octets));
        var left = TimeSpan.ParseExact(received.ValidityPeriod[6..12], "hhmmss", CultureInfo.InvariantCulture);
        Assert.InRange(left, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task The_senders_type_and_the_service_can_be_set()
    {
        await using var exchange = new SmppExchange(settings => (settings.From, settings.FromTon, settings.FromNpi, settings.ServiceType) = ("72345", 6, 9, "MFA"));

        await exchange.SendAsync();

        var received = await (await exchange.Server.PeerAsync()).SubmissionAsync();
        Assert.Equal(((byte)6, (byte)9, "72345"), received.Source);
        Assert.Equal("MFA", received.ServiceType);
    }

    [Fact]
    public async Task A_long_text_goes_in_segments_and_is_accepted_under_the_id_of_the_first()
    {
        await using var exchange = new SmppExchange();
        var text = new string('a', 152) + "€" + new string('b', 151) + "€ 482915";

        Assert.Equal(new DeliveryResult.Accepted("m2"), await exchange.SendAsync(text));

        var peer = await exchange.Server.PeerAsync();
        List<Submission> segments = [await peer.SubmissionAsync(), await peer.SubmissionAsync(), await peer.SubmissionAsync()];
        Assert.Single(segments.Select(segment => (segment.EsmClass, segment.Octets[3], segment.Octets[4], segment.DataCoding)).Distinct());
        Assert.Equal(text, string.Concat(segments.OrderBy(segment => segment.Octets[5]).Select(segment => Gsm7.Decode(segment.TextOctets))));
    }

    [Fact]
    public async Task Emojis_at_the_borders_of_segments_arrive_whole()
    {
        await using var exchange = new SmppExchange();
        var text = new string('ж', 66) + "😀" + new string('ж', 64) + "😀😀";

        Assert.IsType<DeliveryResult.Accepted>(await exchange.SendAsync(text));

        var peer = await exchange.Server.PeerAsync();
        List<Submission> segments = [await peer.SubmissionAsync(), await peer.SubmissionAsync(), await peer.SubmissionAsync()];
        Assert.Equal(text, string.Concat(segments.OrderBy(segment => segment.Octets[5]).Select(segment => Encoding.BigEndianUnicode.GetString(segment.TextOctets))));
    }

    [Fact]
    public async Task The_segments_of_two_texts_have_references_of_their_own()
    {
        await using var exchange = new SmppExchange();

        await exchange.SendAsync(new string('a', 161));
        await exchange.SendAsync(new string('a', 161));

        var peer = await exchange.Server.PeerAsync();
        List<byte> references = [];
        for (var at = 0; at < 4; at++) references.Add((await peer.SubmissionAsync()).Octets[3]);
        Assert.Equal(2, references.Distinct().Count());
    }

    [Fact]
    public async Task Where_it_is_set_a_long_text_goes_whole()
    {
        await using var exchange = new SmppExchange(settings => settings.MessagePayload = true);
        var text = string.Concat(Enumerable.Repeat("ж😀", 100));

        Assert.IsType<DeliveryResult.Accepted>(await exchange.SendAsync(text));

        var received = await (await exchange.Server.PeerAsync()).SubmissionAsync();
        Assert.True(received.IsPayload);
        Assert.Equal(text, Encoding.BigEndianUnicode.GetString(received.Octets));
    }

    [Fact]
    public async Task No_later_segment_is_sent_when_the_first_is_refused()
    {
        await using var exchange = new SmppExchange(prepare: server => server.Accepts = false);
        var sending = exchange.SendAsync(new string('a', 400));
        var peer = await exchange.Server.BoundAsync();

        await peer.RefuseAsync(await peer.SubmissionAsync(), 0x0b);

        Assert.Equal(new DeliveryResult.Rejected("ESME_RINVDSTADR"), await sending);
        await peer.BarrierAsync();
        Assert.False(peer.Submissions.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_message_is_not_accepted_when_a_later_segment_is_not()
    {
        await using var exchange = new SmppExchange(prepare: server => server.Accepts = false);
        var sending = exchange.SendAsync(new string('a', 400));
        var peer = await exchange.Server.BoundAsync();

        await peer.AcceptAsync(await peer.SubmissionAsync(), "a");
        await peer.AcceptAsync(await peer.SubmissionAsync(), "b");
        await peer.RefuseAsync(await peer.SubmissionAsync(), 0x08);

        Assert.Equal(new DeliveryResult.Failed("ESME_RSYSERR"), await sending);
    }

    [Fact]
    public async Task A_server_with_too_much_to_do_is_left_alone_for_a_second()
    {
        await using var exchange = new SmppExchange(prepare: server => server.Accepts = false);
        var sending = exchange.SendAsync();
        var peer = await exchange.Server.BoundAsync();

        await peer.RefuseAsync(await peer.SubmissionAsync(), 0x58);

        Assert.Equal(new DeliveryResult.Failed("ESME_RTHROTTLED", TimeSpan.FromSeconds(1)), await sending);
    }

    [Fact]
    public async Task A_generic_nack_is_an_answer_and_never_success()
    {
        await using var exchange = new SmppExchange(prepare: server => server.Accepts = false);
        var sending = exchange.SendAsync();
        var peer = await exchange.Server.BoundAsync();
        await peer.SendAsync(0x80000000, 0x03, (await peer.SubmissionAsync()).Sequence, []);
        Assert.Equal(new DeliveryResult.Failed("ESME_RINVCMDID"), await sending);

        sending = exchange.SendAsync();
        await peer.SendAsync(0x80000000, 0x00, (await peer.SubmissionAsync()).Sequence, []);
        Assert.Equal(new DeliveryResult.Failed("ESME_RUNKNOWNERR"), await sending);
    }

    [Fact]
    public async Task A_success_without_an_id_is_accepted_without_a_reference()
    {
        await using var exchange = new SmppExchange(prepare: server => server.Accepts = false);
        var sending = exchange.SendAsync();
        var peer = await exchange.Server.BoundAsync();

        await peer.AnswerAsync(await peer.SubmissionAsync(), 0, []);

        Assert.Equal(new DeliveryResult.Accepted(null), await sending);
    }

    [Theory]
    [InlineData("4155550142")]
    [InlineData("+1415555x142")]
    [InlineData("+")]
    [InlineData("+123456789012345678901")]
    public async Task A_recipient_that_is_no_phone_number_is_rejected(string recipient)
    {
        await using var exchange = new SmppExchange();

        Assert.IsType<DeliveryResult.Rejected>(await exchange.Provider.SendAsync(SmppExchange.Message() with { Recipient = recipient }, CancellationToken.None));
    }

    [Fact]
    public async Task A_message_whose_code_has_ended_is_not_sent()
    {
        await using var exchange = new SmppExchange();
        var ended = SmppExchange.Message() with { Expires = TimeProvider.System.GetUtcNow() };

        Assert.IsType<DeliveryResult.Failed>(await exchange.Provider.SendAsync(ended, CancellationToken.None));

        await exchange.SendAsync("next");
        Assert.Equal("next", Gsm7.Decode((await (await exchange.Server.PeerAsync()).SubmissionAsync()).Octets));
    }

    [Fact]
    public async Task Answers_may_come_in_any_order()
    {
        await using var exchange = new SmppExchange(prepare: server => server.Accepts = false);
        var sending = Enumerable.Range(0, 10).Select(number => exchange.SendAsync($"n{number}")).ToList();
        var peer = await exchange.Server.BoundAsync();
        var submissions = new List<Submission>();
        while (submissions.Count < 10) submissions.Add(await peer.SubmissionAsync());

        foreach (var submission in submissions.AsEnumerable().Reverse()) await peer.AcceptAsync(submission, "id-" + Gsm7.Decode(submission.Octets));

        Assert.Equal(Enumerable.Range(0, 10).Select(number => new DeliveryResult.Accepted($"id-n{number}")), await Task.WhenAll(sending));
    }

    [Fact]
    public async Task No_more_requests_wait_than_the_window_has_places()
    {
        await using var exchange = new SmppExchange(settings => settings.Window = 3, prepare: server => server.Accepts = false);
        var sending = Enumerable.Range(0, 20).Select(_ => exchange.SendAsync()).ToList();
        var peer = await exchange.Server.BoundAsync();

        // The strict server counts; here is seen that the window is used to the full, and stops at that.
        var waiting = new Queue<Submission>([await peer.SubmissionAsync(), await peer.SubmissionAsync(), await peer.SubmissionAsync()]);
        await peer.BarrierAsync();
        Assert.False(peer.Submissions.Reader.TryRead(out _));
        for (var left = 17; left > 0; left--)
        {
            await peer.AcceptAsync(waiting.Dequeue(), "id");
            waiting.Enqueue(await peer.SubmissionAsync());
        }
        foreach (var submission in waiting) await peer.AcceptAsync(submission, "id");

        Assert.All(await Task.WhenAll(sending), result => Assert.IsType<DeliveryResult.Accepted>(result));
    }

    [Fact]
    public async Task Many_messages_share_one_connection()
    {
        await using var exchange = new SmppExchange(settings => settings.Window = 50);

        var results = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => exchange.SendAsync()));

        Assert.All(results, result => Assert.IsType<DeliveryResult.Accepted>(result));
        Assert.Equal(1_000, results.Cast<DeliveryResult.Accepted>().Select(accepted => accepted.Reference).Distinct().Count());
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_the_session_whole()
    {
        await using var exchange = new SmppExchange(settings => settings.Window = 1, prepare: server => server.Accepts = false);
        using var patience = new CancellationTokenSource();
        var sending = exchange.Provider.SendAsync(SmppExchange.Message("given up"), patience.Token).AsTask();
        var peer = await exchange.Server.BoundAsync();
        var givenUp = await peer.SubmissionAsync();
        var next = exchange.SendAsync("next");

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await peer.BarrierAsync();
        Assert.False(peer.Submissions.Reader.TryRead(out _));
        await peer.AcceptAsync(givenUp, "late");
        await peer.AcceptAsync(await peer.SubmissionAsync(), "next");

        Assert.Equal(new DeliveryResult.Accepted("next"), await next);
    }

    [Fact]
    public async Task A_response_that_does_not_come_in_time_fails_the_message_and_one_that_comes_late_harms_nothing()
    {
        await using var exchange = new SmppExchange(settings => settings.ResponseTimeout = TimeSpan.FromSeconds(1), prepare: server => server.Accepts = false);
        var sending = exchange.SendAsync();
        var peer = await exchange.Server.BoundAsync();
        var submission = await peer.SubmissionAsync();

        Assert.Equal(new DeliveryResult.Failed("no response in time"), await sending);

        await peer.AcceptAsync(submission, "late");
        sending = exchange.SendAsync();
        await peer.AcceptAsync(await peer.SubmissionAsync(), "in time");
        Assert.Equal(new DeliveryResult.Accepted("in time"), await sending);
    }

    [Fact]
    public async Task A_check_says_whether_enquire_link_was_answered()
    {
        await using var exchange = new SmppExchange(settings => settings.ResponseTimeout = TimeSpan.FromSeconds(1));

        Assert.Equal(new ProviderHealth(true, "bound; enquire_link was answered"), await exchange.CheckAsync());
        var peer = await exchange.Server.PeerAsync();
        peer.AnswersEnquiries = false;

        Assert.Equal(new ProviderHealth(false, "bound, but enquire_link failed: no response in time"), await exchange.CheckAsync());
    }

    [Fact]
    public async Task Disposing_unbinds_and_what_comes_after_fails()
    {
        await using var exchange = new SmppExchange();
        await exchange.SendAsync();
        var peer = await exchange.Server.PeerAsync();

        await exchange.Provider.DisposeAsync();

        await peer.Unbound.WaitAsync(Signals.Limit);
        await peer.Closed.WaitAsync(Signals.Limit);
        Assert.Equal(new DeliveryResult.Failed("not bound: the provider has stopped"), await exchange.SendAsync());
        Assert.False((await exchange.CheckAsync()).IsHealthy);
    }

    [Fact]
    public async Task A_provider_that_was_never_used_is_disposed_without_a_connection()
    {
        await using var exchange = new SmppExchange();

        await exchange.Provider.DisposeAsync();

        Assert.False((await exchange.CheckAsync()).IsHealthy);
    }

    [Fact]
    public void Settings_that_SMPP_cannot_carry_are_refused_at_the_start_without_repeating_them()
    {
        var refused = Assert.Throws<SettingsException>(() => new SmppProvider("one", new SmppSettings { Host = "smsc.test", Password = "pässword" }, new Receipts(), TimeProvider.System, new LogLines()));

        Assert.Contains("Password", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pässword", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_provider_needs_a_host_and_checks_its_name_unless_an_authority_is_pinned()
    {
        foreach (var (settings, key) in (ReadOnlySpan<(SmppSettings, string)>)[(new SmppSettings(), "Host"), (new SmppSettings { Host = "smsc.test", Tls = true, TlsHostCheck = false }, "TlsHostCheck")])
            Assert.Contains(key, Assert.Throws<SettingsException>(() => new SmppProvider("one", settings, new Receipts(), TimeProvider.System, new LogLines())).Message, StringComparison.Ordinal);
    }
}
