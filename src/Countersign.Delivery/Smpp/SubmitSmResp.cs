using System.Text;

namespace Countersign.Delivery.Smpp;

/// <summary>submit_sm_resp (SMPP v3.4 §4.4.2).</summary>
internal static class SubmitSmResp
{
    /// <summary>The most characters of an id (§5.2.23), without the zero octet.</summary>
    public const int LongestId = 64;

    /// <summary>
    /// Reads the server's id of a message. There is none beside an error (§4.4.2), and some servers leave the body out beside a success as well: that is an id that is
    /// not known, since treating it as a failure would send the code twice.
    /// </summary>
    public static PduFault Read(ReadOnlySpan<byte> body, out string? messageId)
    {
        messageId = null;
        if (body.IsEmpty) return PduFault.None;
        var reader = new PduReader(body);
        messageId = Id(reader.Text(LongestId + 1));
        while (reader.TryParameter(out _, out _))
        {
        }
        return reader.Fault;
    }

    /// <summary>An id as text; null when it is empty or not printable.</summary>
    public static string? Id(ReadOnlySpan<byte> octets)
        => octets.IsEmpty || octets.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? null : Encoding.ASCII.GetString(octets);
}
