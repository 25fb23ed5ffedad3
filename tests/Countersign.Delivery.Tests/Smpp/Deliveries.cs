using System.Text;

namespace Countersign.Delivery.Tests.Smpp;

/// <summary>Bodies of deliver_sm as the table of §4.6.1 has it.</summary>
internal static class Deliveries
{
    public static byte[] Body(byte esmClass, byte dataCoding, byte[] text, params (ushort Tag, byte[] Value)[] parameters)
        => [.. "\0"u8, 1, 1, .. "14155550142\0"u8, 5, 0, .. "Countersign\0"u8, esmClass, 0, 0, .. "\0\0"u8, 0, 0, dataCoding, 0, checked((byte)text.Length), .. text,
            .. parameters.SelectMany(parameter => (byte[])[(byte)(parameter.Tag >> 8), (byte)parameter.Tag,
                (byte)(parameter.Value.Length >> 8), (byte)parameter.Value.Length, .. parameter.Value])];

    /// <summary>A receipt with the text of Appendix B.</summary>
    public static byte[] Receipt(string id, string stat, string err = "000", params (ushort Tag, byte[] Value)[] parameters)
        => Body(0x04, 0, Encoding.ASCII.GetBytes($"id:{id} sub:001 dlvrd:001 submit date:2603050941 done date:2603050942 stat:{stat} err:{err} text:Your verificatio"), parameters);

    public static (ushort, byte[]) ReceiptedMessageId(string id) => (0x001e, [.. Encoding.ASCII.GetBytes(id), 0]);
    public static (ushort, byte[]) MessageState(byte state) => (0x0427, [state]);
    public static (ushort, byte[]) NetworkError(byte kind, ushort number) => (0x0423, [kind, (byte)(number >> 8), (byte)number]);
    public static (ushort, byte[]) Payload(byte[] text) => (0x0424, text);
}
