namespace Countersign.Delivery.Smpp;

/// <summary>submit_sm (SMPP v3.4 §4.4.1): one message, or one segment of it, to one phone.</summary>
internal sealed record SubmitSm : IPdu
{
    /// <summary>The account's service; empty for the server's own choice.</summary>
    public required string ServiceType { get; init; }
    public required SmppAddress Source { get; init; }
    public required SmppAddress Destination { get; init; }
    /// <summary>How long it is worth delivering (§7.1.1).</summary>
    public required string ValidityPeriod { get; init; }
    /// <summary>The text as it travels.</summary>
    public required EncodedText Text { get; init; }

    public CommandId Command => CommandId.SubmitSm;
    public int BodyLength => ServiceType.Length + 1 + Source.Length + Destination.Length + 3 + 1 + ValidityPeriod.Length + 1 + 5
        + (Text.IsPayload ? 4 : 0) + Text.Octets.Length;

    public void WriteBody(ref PduWriter writer)
    {
        writer.Text(ServiceType, 6);
        Source.Write(ref writer);
        Destination.Write(ref writer);
        writer.Octet(Text.EsmClass);
        writer.Octet(0);                // protocol_id: set by the mobile network
        writer.Octet(0);                // priority_flag: the lowest, which every network has (§5.2.14)
        writer.Text("", 17);            // schedule_delivery_time: now
        writer.Text(ValidityPeriod, 17);
        writer.Octet(1);                // registered_delivery: a receipt of the final outcome, good or bad (§5.2.17)
        writer.Octet(0);                // replace_if_present_flag
        writer.Octet(Text.DataCoding);
        writer.Octet(0);                // sm_default_msg_id
        writer.Octet(Text.IsPayload ? (byte)0 : checked((byte)Text.Octets.Length));
        if (Text.IsPayload) writer.Parameter(ParameterTag.MessagePayload, Text.Octets.Span);
        else writer.Octets(Text.Octets.Span);
    }

    /// <summary>Keeps texts and numbers out of messages.</summary>
    public override string ToString() => $"submit_sm of {Text.Octets.Length} octets";
}
