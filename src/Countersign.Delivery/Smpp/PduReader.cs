using System.Buffers.Binary;

namespace Countersign.Delivery.Smpp;

/// <summary>Reads the fields of a body one after the other. Once one was refused, all later ones are, and <see cref="Fault"/> says why.</summary>
internal ref struct PduReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    /// <summary>The first thing that was wrong.</summary>
    public PduFault Fault { get; private set; }

    /// <summary>An integer of one octet.</summary>
    public byte Octet() => Octets(1) is [var octet] ? octet : (byte)0;

    /// <summary>Octets of which another field said how many there are.</summary>
    public ReadOnlySpan<byte> Octets(int count)
    {
        if (Fault == PduFault.None && count > _rest.Length) Fault = PduFault.CutOff;
        if (Fault != PduFault.None) return [];
        var octets = _rest[..count];
        _rest = _rest[count..];
        return octets;
    }

    /// <summary>A C-octet string (§3.1), without the zero octet that ends it.</summary>
    /// <param name="most">The field's size, the zero octet included.</param>
    public ReadOnlySpan<byte> Text(int most)
    {
        if (Fault != PduFault.None) return [];
        var end = _rest[..Math.Min(most, _rest.Length)].IndexOf((byte)0);
        if (end < 0) Fault = _rest.Length < most ? PduFault.CutOff : PduFault.Text;
        return end < 0 ? [] : Octets(end + 1)[..end];
    }

    /// <summary>The next optional parameter (§3.2.4.1). False at the body's end, or when it is not well formed.</summary>
    public bool TryParameter(out ParameterTag tag, out ReadOnlySpan<byte> value)
    {
        tag = default;
        value = [];
        if (Fault != PduFault.None || _rest.IsEmpty) return false;
        var length = _rest.Length < 4 ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length > _rest.Length - 4)
        {
            Fault = PduFault.Parameter;
            return false;
        }
        tag = (ParameterTag)BinaryPrimitives.ReadUInt16BigEndian(_rest);
        value = _rest.Slice(4, length);
        _rest = _rest[(4 + length)..];
        return true;
    }

    /// <summary>Refuses what was read although it was well formed.</summary>
    public void Refuse(PduFault fault)
    {
        if (Fault == PduFault.None) Fault = fault;
    }
}

/// <summary>The optional parameters that matter here (§5.3.2).</summary>
internal enum ParameterTag : ushort
{
    /// <summary>The id of the message that a receipt is about (§5.3.2.12).</summary>
    ReceiptedMessageId = 0x001e,
    /// <summary>The network's error: its kind and a number (§5.3.2.31).</summary>
    NetworkErrorCode = 0x0423,
    /// <summary>A text longer than short_message (§5.3.2.32).</summary>
    MessagePayload = 0x0424,
    /// <summary>What became of a message (§5.3.2.35).</summary>
    MessageState = 0x0427,
}
