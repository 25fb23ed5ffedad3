namespace Countersign.Delivery.Smpp;

/// <summary>What matters here of deliver_sm (SMPP v3.4 §4.6.1): a message or a receipt from the server. It points into the octets that it was read from.</summary>
internal ref struct DeliverSm
{
    private const int TypeMask = 0x3c, Receipt = 0x04, Intermediate = 0x20;

    /// <summary>What kind of message it is (§5.2.12).</summary>
    public byte EsmClass { get; private set; }
    /// <summary>How the text is written (§5.2.19).</summary>
    public byte DataCoding { get; private set; }
    /// <summary>The text: short_message, or message_payload in its place.</summary>
    public ReadOnlySpan<byte> Text { get; private set; }
    /// <summary>The message that a receipt is about (§5.3.2.12); empty when it is not said.</summary>
    public ReadOnlySpan<byte> ReceiptedMessageId { get; private set; }
    /// <summary>What became of that message (§5.2.28); zero when it is not said.</summary>
    public byte MessageState { get; private set; }
    /// <summary>The network's error: its kind, and a number of two octets (§5.3.2.31); empty when it is not said.</summary>
    public ReadOnlySpan<byte> NetworkError { get; private set; }

    /// <summary>Whether it says what became of a message. Servers that leave esm_class zero still name the message.</summary>
    public readonly bool IsReceipt => (EsmClass & TypeMask) is Receipt or Intermediate || !ReceiptedMessageId.IsEmpty;

    /// <summary>Whether it says only how far a message has come (§5.2.12).</summary>
    public readonly bool IsIntermediate => (EsmClass & TypeMask) == Intermediate;

    /// <summary>Reads a body.</summary>
    public static PduFault Read(ReadOnlySpan<byte> body, out DeliverSm message)
    {
        var reader = new PduReader(body);
        message = default;
        reader.Text(6);                 // service_type
        SkipAddress(ref reader);
        SkipAddress(ref reader);
        message.EsmClass = reader.Octet();
        reader.Octets(2);               // protocol_id, priority_flag
        reader.Text(17);                // schedule_delivery_time
        reader.Text(17);                // validity_period
        reader.Octets(2);               // registered_delivery, replace_if_present_flag
        message.DataCoding = reader.Octet();
        reader.Octet();                 // sm_default_msg_id
        message.Text = reader.Octets(reader.Octet());
        while (reader.TryParameter(out var tag, out var value))
            if (!message.TryTake(tag, value)) reader.Refuse(PduFault.Parameter);
        return reader.Fault;
    }

    private static void SkipAddress(ref PduReader reader)
    {
        reader.Octets(2);
        reader.Text(SmppAddress.Longest + 1);
    }

    private bool TryTake(ParameterTag tag, ReadOnlySpan<byte> value)
    {
        switch (tag)
        {
            case ParameterTag.ReceiptedMessageId:
                ReceiptedMessageId = value.TrimEnd((byte)0);
                return value.Length <= SubmitSmResp.LongestId + 1;
            case ParameterTag.MessageState:
                MessageState = value is [var state] ? state : (byte)0;
                return value.Length == 1;
            case ParameterTag.NetworkErrorCode:
                NetworkError = value;
                return value.Length == 3;
            case ParameterTag.MessagePayload:
                Text = value;
                return true;
            default:
                return true;            // §3.2.4: a parameter that is not known is ignored
        }
    }
}
