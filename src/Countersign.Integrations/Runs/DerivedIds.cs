using System.Security.Cryptography;
using System.Text;

namespace Countersign.Integrations.Runs;

/// <summary>Ids that follow from others, so that what is done again is the same thing (RFC 9562 §5.8: a UUID of version 8, here of SHA-256).</summary>
internal static class DerivedIds
{
    /// <summary>The id of the execution that this attempt of a SUB_WORKFLOW or START_WORKFLOW task starts (workflow contract 6.7).</summary>
    public static string OfChild(string taskId) => Of("child of task", taskId);

    private static string Of(string what, string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{what} {id}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true).ToString();
    }
}
