using System.Text;
using Countersign.Delivery.Smpp;
using Countersign.Outbox;
using CsCheck;

namespace Countersign.Delivery.Tests.Smpp;

public sealed class DeliveryReceiptTests
{
    [Theory]
    [InlineData("DELIVRD", "000", ReceiptStatus.Delivered, null)]
    [InlineData("UNDELIV", "034", ReceiptStatus.Undelivered, "UNDELIV, error 034")]
    [InlineData("EXPIRED", "000", ReceiptStatus.Undelivered, "EXPIRED")]
    [InlineData("DELETED", "000", ReceiptStatus.Undelivered, "DELETED")]
    [InlineData("REJECTD", "0c1", ReceiptStatus.Undelivered, "REJECTD, error 0c1")]
    [InlineData("UNKNOWN", "000", ReceiptStatus.Undelivered, "UNKNOWN")]
    [InlineData("ACCEPTD", "000", ReceiptStatus.Pending, "ACCEPTD")]
    [InlineData("ENROUTE", "000", ReceiptStatus.Pending, "ENROUTE")]
    [InlineData("BUFFERED", "000", ReceiptStatus.Pending, "BUFFERED")]
    internal void A_text_of_Appendix_B_says_what_became_of_a_message(string stat, string err, ReceiptStatus status, string? reason)
        => Assert.Equal(new DeliveryReceipt(null, "0123456789", status, reason), Read(Deliveries.Receipt("0123456789", stat, err)));

    [Theory]
    [InlineData(1, ReceiptStatus.Pending, "ENROUTE")]
    [InlineData(2, ReceiptStatus.Delivered, null)]
    [InlineData(3, ReceiptStatus.Undelivered, "EXPIRED")]
    [InlineData(5, ReceiptStatus.Undelivered, "UNDELIVERABLE")]
    [InlineData(8, ReceiptStatus.Undelivered, "REJECTED")]
    [InlineData(99, ReceiptStatus.Pending, "state 99")]
    internal void Parameters_say_it_too_and_need_no_text(byte state, ReceiptStatus status, string? reason)
        => Assert.Equal(new DeliveryReceipt("7f3a", null, status, reason),
            Read(Deliveries.Body(0x04, 0, [], Deliveries.ReceiptedMessageId("7f3a"), Deliveries.MessageState(state))));

    [Fact]
    public void Parameters_count_for_more_than_the_text()
        => Assert.Equal(new DeliveryReceipt("7f3a", "32570", ReceiptStatus.Undelivered, "EXPIRED, network error 3/772"),
            Read(Deliveries.Receipt("32570", "DELIVRD", "001", Deliveries.ReceiptedMessageId("7f3a"), Deliveries.MessageState(3), Deliveries.NetworkError(3, 772))));

    [Fact]
    public void The_text_may_come_as_message_payload_or_in_UCS_2()
    {
        var expected = new DeliveryReceipt(null, "12", ReceiptStatus.Delivered, null);

        Assert.Equal(expected, Read(Deliveries.Body(0x04, 0, [], Deliveries.Payload("id:12 stat:DELIVRD err:000"u8.ToArray()))));
        Assert.Equal(expected, Read(Deliveries.Body(0x04, 8, Encoding.BigEndianUnicode.GetBytes("id:12 stat:DELIVRD err:000"))));
    }

    [Fact]
    public void Names_are_read_in_either_case_and_only_where_a_word_begins()
        => Assert.Equal(new DeliveryReceipt(null, "12", ReceiptStatus.Delivered, null), Read(Deliveries.Body(0x04, 0, "xid:9 ID:12 Stat:delivrd"u8.ToArray())));

    [Fact]
    public void An_intermediate_notification_is_never_the_last_word()
        => Assert.Equal(ReceiptStatus.Pending, Read(Deliveries.Body(0x20, 0, "id:12 stat:UNDELIV err:001"u8.ToArray()))!.Status);

    [Fact]
    public void A_receipt_is_known_by_its_class_or_by_the_message_that_it_names()
    {
        Assert.True(IsReceipt(Deliveries.Body(0x04, 0, [])));
        Assert.True(IsReceipt(Deliveries.Body(0x44, 0, [])));
        Assert.True(IsReceipt(Deliveries.Body(0x00, 0, [], Deliveries.ReceiptedMessageId("1"))));
        Assert.False(IsReceipt(Deliveries.Body(0x00, 0, "STOP"u8.ToArray())));
        Assert.False(IsReceipt(Deliveries.Body(0x08, 0, "STOP"u8.ToArray())));

        static bool IsReceipt(byte[] body) => DeliverSm.Read(body, out var message) == PduFault.None && message.IsReceipt;
    }

    [Theory]
    [InlineData("")]
    [InlineData("id:12")]
    [InlineData("stat:DELIVRD")]
    [InlineData("id: stat:DELIVRD")]
    [InlineData("id:1\n2 stat:DELIVRD")]
    public void What_names_no_message_or_says_nothing_of_it_is_no_receipt(string text)
        => Assert.Null(Read(Deliveries.Body(0x04, 0, Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void A_body_spoiled_anywhere_is_refused_and_never_misread()
    {
        var whole = Deliveries.Receipt("12", "DELIVRD", "000", Deliveries.ReceiptedMessageId("12"), Deliveries.MessageState(2));

        Assert.Equal(PduFault.None, DeliverSm.Read(whole, out _));
        var parameters = 4 + 3 + 4 + 1;
        // Cut after a whole parameter, or before them all, it is whole again.
        foreach (var length in Enumerable.Range(0, whole.Length).Except([whole.Length - parameters, whole.Length - 5]))
            Assert.NotEqual(PduFault.None, DeliverSm.Read(whole.AsSpan(0, length), out _));
    }

    [Theory]
    [InlineData(0x0427, 0)]
    [InlineData(0x0427, 2)]
    [InlineData(0x0423, 2)]
    [InlineData(0x0423, 4)]
    [InlineData(0x001e, 66)]
    public void A_parameter_of_the_wrong_size_is_refused(ushort tag, int length)
        => Assert.Equal(PduFault.Parameter, DeliverSm.Read(Deliveries.Body(0x04, 0, [], (tag, new byte[length])), out _));

    [Fact]
    public void A_parameter_that_is_not_known_is_ignored()
        => Assert.Equal(PduFault.None, DeliverSm.Read(Deliveries.Body(0x04, 0, [], (0x1403, new byte[300])), out _));

    [Fact]
    public void No_octets_make_the_decoders_throw_or_allocate_beyond_their_bounds()
    {
        var whole = Deliveries.Receipt("12", "UNDELIV", "034", Deliveries.ReceiptedMessageId("12"), Deliveries.NetworkError(3, 1));
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Bool).Sample((noise, at, octet, isNoise) =>
        {
            var body = isNoise ? noise : (byte[])whole.Clone();
            if (!isNoise) body[at] = octet;
            SubmitSmResp.Read(body, out var id);
            Assert.True(id is null or { Length: <= 64 });
            if (body.Length >= 16 && PduHeader.Read(body, out var header) == PduFault.None) Assert.InRange(header.Length, 16, PduHeader.LongestPdu);
            if (DeliverSm.Read(body, out var message) != PduFault.None) return;
            var receipt = DeliveryReceipt.From(message);
            Assert.True(receipt?.Reason is null or { Length: <= 200 });
            Assert.True(receipt?.ParameterId is null or { Length: <= 65 });
            Assert.True(receipt?.TextId is null or { Length: <= 64 });
        }, iter: 20_000, threads: 1);

        var longest = Deliveries.Body(0x04, 0, [], Deliveries.Payload([.. Enumerable.Repeat((byte)'i', 60_000)]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(longest);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16_384);
    }

    [Theory]
    [InlineData("same", "7F3A", "7f3a", "7F3A")]
    [InlineData("hexToDecimal", "7f3a", "0000032570", "32570")]
    [InlineData("hexToDecimal", "0000FFFF", "65535", "65535")]
    [InlineData("hexToDecimal", "ffffffffffffffffffff", "1208925819614629174706175", "1208925819614629174706175")]
    [InlineData("hexToDecimal", "not-hex", "not-hex", "not-hex")]
    public void A_reference_is_the_answers_id_in_the_form_of_the_receipts(string form, string responseId, string textId, string reference)
    {
        Assert.Equal(reference, MessageIdForms.Reference(responseId, form));
        if (form != "same") Assert.Equal(reference, MessageIdForms.References(new DeliveryReceipt(responseId, textId, ReceiptStatus.Delivered, null), form).First());
    }

    [Fact]
    public void Where_ids_are_the_same_the_parameter_is_tried_first_and_then_the_text()
        => Assert.Equal(["a1", "161"], MessageIdForms.References(new DeliveryReceipt("a1", "161", ReceiptStatus.Delivered, null), "same"));

    private static DeliveryReceipt? Read(byte[] body)
    {
        Assert.Equal(PduFault.None, DeliverSm.Read(body, out var message));
        return DeliveryReceipt.From(message);
    }
}
