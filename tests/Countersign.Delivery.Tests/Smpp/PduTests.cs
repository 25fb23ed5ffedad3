using Countersign.Delivery.Smpp;
using CsCheck;

namespace Countersign.Delivery.Tests.Smpp;

public sealed class PduTests
{
    [Fact]
    public void Bind_transceiver_is_laid_out_as_in_section_4_1_5()
        => Assert.Equal(
            "0000002F" + "00000009" + "00000000" + "00000001"
            + "534D50503354455354" + "00" + "7365637265743038" + "00" + "5355424D495431" + "00" + "34" + "00" + "00" + "00",
            Written(new BindTransceiver("SMPP3TEST", "secret08", "SUBMIT1"), 1));

    [Fact]
    public void Submit_sm_is_laid_out_as_in_section_4_4_1()
        => Assert.Equal(
            "00000049" + "00000004" + "00000000" + "00000002"
            + "00"                                             // service_type
            + "05" + "00" + "436F756E7465727369676E" + "00"     // source: alphanumeric
            + "01" + "01" + "3134313535353530313432" + "00"     // destination: international, E.164
            + "00" + "00" + "00"                               // esm_class, protocol_id, priority_flag
            + "00"                                             // schedule_delivery_time
            + "30303030303030303034353930303052" + "00"         // validity_period: 4 minutes 59 seconds
            + "01" + "00" + "00" + "00"                        // registered_delivery, replace_if_present, data_coding, sm_default_msg_id
            + "02" + "6869",
            Written(Submit("hi"), 2));

    [Fact]
    public void A_long_text_follows_as_message_payload_and_leaves_short_message_empty()
    {
        var pdu = Written(Submit(new string('a', 161), asPayload: true), 2);

        Assert.EndsWith("01000000" + "00" + "0424" + "00A1" + string.Concat(Enumerable.Repeat("61", 161)), pdu, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CommandId.EnquireLink, "00000010000000150000000000000007")]
    [InlineData(CommandId.EnquireLinkResp, "00000010800000150000000000000007")]
    [InlineData(CommandId.Unbind, "00000010000000060000000000000007")]
    [InlineData(CommandId.UnbindResp, "00000010800000060000000000000007")]
    [InlineData(CommandId.GenericNack, "00000010800000000000000000000007")]
    internal void A_PDU_without_a_body_is_its_header(CommandId command, string octets)
        => Assert.Equal(octets, Written(new EmptyPdu(command), 7));

    [Fact]
    public void Deliver_sm_resp_has_an_empty_message_id()
        => Assert.Equal("00000011" + "80000005" + "00000064" + "00000007" + "00", Written(DeliverSmResp.Instance, 7, CommandStatus.TemporaryError));

    [Fact]
    public void A_header_is_read_as_in_section_3_2()
    {
        Assert.Equal(PduFault.None, PduHeader.Read(Convert.FromHexString("0000002F800000040000005800000003"), out var header));

        Assert.Equal(new PduHeader(47, CommandId.SubmitSmResp, 0x58, 3), header);
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("0000000F")]
    [InlineData("00010801")]
    [InlineData("7FFFFFFF")]
    [InlineData("FFFFFFFF")]
    [InlineData("48545450")]
    public void An_impossible_length_is_refused(string length)
        => Assert.Equal(PduFault.Length, PduHeader.Read(Convert.FromHexString(length + "000000150000000000000001"), out _));

    [Theory]
    [InlineData("", null, PduFault.None)]
    [InlineData("00", null, PduFault.None)]
    [InlineData("3132336100", "123a", PduFault.None)]
    [InlineData("313200" + "0210" + "0001" + "34", "12", PduFault.None)]
    [InlineData("3132", null, PduFault.CutOff)]
    [InlineData("313200" + "0210" + "0002" + "34", "12", PduFault.Parameter)]
    [InlineData("313200" + "021000", "12", PduFault.Parameter)]
    [InlineData("0A1F00", null, PduFault.None)]
    internal void Submit_sm_resp_is_read_as_in_section_4_4_2(string body, string? id, PduFault fault)
    {
        Assert.Equal(fault, SubmitSmResp.Read(Convert.FromHexString(body), out var read));

        Assert.Equal(id, read);
    }

    [Fact]
    public void An_id_has_64_characters_at_most()
    {
        Assert.Equal(PduFault.None, SubmitSmResp.Read([.. Enumerable.Repeat((byte)'a', 64), 0], out var id));
        Assert.Equal(64, id!.Length);
        Assert.Equal(PduFault.Text, SubmitSmResp.Read([.. Enumerable.Repeat((byte)'a', 65), 0], out _));
    }

    [Fact]
    public void What_is_written_is_read_alike_by_the_test_servers_own_parser()
        => Gen.Select(Gen.Char['0', '9'].Array[1, 20], Gen.Char[' ', '~'].Array[0, 20], Gen.Char["aZ9 é€ж{😀"].Array[0, 160], Gen.Int[1, 90 * 86_400], Gen.Bool).Sample(
            (digits, from, text, seconds, asPayload) =>
            {
                ValidityPeriod.TryFormat(TimeSpan.FromSeconds(seconds), out var validity);
                foreach (var piece in EncodedText.Encode(new string(text), asPayload, 7))
                {
                    var pdu = new SubmitSm
                    {
                        ServiceType = "MFA",
                        ValidityPeriod = validity,
                        Text = piece,
                        Source = new SmppAddress(5, 0, new string(from)),
                        Destination = new SmppAddress(1, 1, new string(digits)),
                    };
                    var octets = new byte[Pdu.Length(pdu)];
                    Pdu.Write(pdu, 0, 9, octets);

                    var read = Submission.Read(9, new Cursor(octets[16..]));

                    Assert.Equal(("MFA", ((byte)5, (byte)0, new string(from)), ((byte)1, (byte)1, new string(digits))), (read.ServiceType, read.Source, read.Destination));
                    Assert.Equal((piece.EsmClass, piece.DataCoding, validity, piece.IsPayload), (read.EsmClass, read.DataCoding, read.ValidityPeriod, read.IsPayload));
                    Assert.Equal(piece.Octets.ToArray(), read.Octets);
                }
            }, iter: 500, threads: 1);

    [Theory]
    [InlineData(0.99, false, "000000000000000R")]
    [InlineData(-5, false, null)]
    [InlineData(1, true, "000000000001000R")]
    [InlineData(299.9, true, "000000000459000R")]
    [InlineData(3600, true, "000000010000000R")]
    [InlineData(90_061, true, "000001010101000R")]
    [InlineData(40 * 86_400, true, "000030000000000R")]
    public void What_is_left_is_a_relative_time_as_in_section_7_1_1(double seconds, bool isLong, string? text)
    {
        Assert.Equal(isLong, ValidityPeriod.TryFormat(TimeSpan.FromSeconds(seconds), out var written));

        if (text is not null) Assert.Equal(text, written);
    }

    [Theory]
    [InlineData("+14155550142", 1, 1, "14155550142")]
    [InlineData("14155550142", 1, 1, "14155550142")]
    [InlineData("72345", 3, 0, "72345")]
    [InlineData("Countersign", 5, 0, "Countersign")]
    [InlineData("", 0, 0, "")]
    public void A_sender_has_the_type_that_its_form_says(string from, byte ton, byte npi, string digits)
        => Assert.Equal(new SmppAddress(ton, npi, digits), SmppAddress.Sender(from));

    [Fact]
    public void A_text_that_a_field_cannot_hold_is_not_written()
    {
        Assert.Throws<ArgumentException>(() => Written(new BindTransceiver("sixteen-letters-", "", ""), 1));
        Assert.Throws<ArgumentException>(() => Written(new BindTransceiver("é", "", ""), 1));
        Assert.Throws<ArgumentException>(() => Written(new BindTransceiver("a\0b", "", ""), 1));
    }

    [Fact]
    public void Nothing_that_may_be_logged_has_passwords_texts_or_numbers()
    {
        var said = $"{new BindTransceiver("acme", "pa55word", "")} {Submit("482915")}";

        Assert.DoesNotContain("pa55word", said, StringComparison.Ordinal);
        Assert.DoesNotContain("482915", said, StringComparison.Ordinal);
        Assert.DoesNotContain("1415555", said, StringComparison.Ordinal);
    }

    private static SubmitSm Submit(string text, bool asPayload = false)
    {
        ValidityPeriod.TryFormat(TimeSpan.FromSeconds(299), out var validity);
        return new SubmitSm
        {
            ServiceType = "",
            ValidityPeriod = validity,
            Text = EncodedText.Encode(text, asPayload, 0)[0],
            Source = SmppAddress.Sender("Countersign"),
            Destination = new SmppAddress(1, 1, "14155550142"),
        };
    }

    private static string Written(IPdu pdu, uint sequence, uint status = 0)
    {
        var octets = new byte[Pdu.Length(pdu)];
        Pdu.Write(pdu, status, sequence, octets);
        return Convert.ToHexString(octets);
    }
}
