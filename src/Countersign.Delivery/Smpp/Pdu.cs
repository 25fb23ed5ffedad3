namespace Countersign.Delivery.Smpp;

/// <summary>A PDU to be written: what follows its header.</summary>
internal interface IPdu
{
    /// <summary>What it asks or answers.</summary>
    CommandId Command { get; }
    /// <summary>The octets of the body, exactly.</summary>
    int BodyLength { get; }
    /// <summary>Writes the body.</summary>
    void WriteBody(ref PduWriter writer);
}

/// <summary>Writes whole PDUs.</summary>
internal static class Pdu
{
    /// <summary>The octets of a whole PDU.</summary>
    public static int Length(IPdu pdu) => PduHeader.Size + pdu.BodyLength;

    /// <summary>Writes the header (SMPP v3.4 §3.2) and the body, <see cref="Length"/> octets.</summary>
    public static void Write(IPdu pdu, uint status, uint sequence, Span<byte> octets)
    {
        var writer = new PduWriter(octets[..Length(pdu)]);
        writer.Number((uint)Length(pdu));
        writer.Number((uint)pdu.Command);
        writer.Number(status);
        writer.Number(sequence);
        pdu.WriteBody(ref writer);
    }
}

/// <summary>A PDU that has a header only: enquire_link (§4.11.1), unbind (§4.2.1), their responses, generic_nack (§4.3.1).</summary>
internal sealed record EmptyPdu(CommandId Command) : IPdu
{
    public int BodyLength => 0;

    public void WriteBody(ref PduWriter writer)
    {
    }
}

/// <summary>deliver_sm_resp (§4.6.2): its message_id is unused and empty.</summary>
internal sealed record DeliverSmResp : IPdu
{
    public static readonly DeliverSmResp Instance = new();
    public CommandId Command => CommandId.DeliverSmResp;
    public int BodyLength => 1;
    public void WriteBody(ref PduWriter writer) => writer.Text("", 65);
}
