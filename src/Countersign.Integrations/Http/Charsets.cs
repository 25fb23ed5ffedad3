using System.Text;

namespace Countersign.Integrations.Http;

/// <summary>Character sets by the names that content types give them.</summary>
internal static class Charsets
{
    /// <summary>UTF-8 that refuses what is none.</summary>
    public static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The encoding of a name, quoted or not; null when it is unknown. UTF-7, which hides markup, is unknown.</summary>
    public static Encoding? Find(string? name)
    {
        name = name?.Trim(' ', '"', '\'');
        if (string.IsNullOrEmpty(name)) return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
