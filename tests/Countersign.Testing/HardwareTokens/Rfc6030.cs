using System.Text;

namespace Countersign.Testing;

/// <summary>The example files of RFC 6030, figures 2 to 10.</summary>
public static class Rfc6030
{
    /// <summary>The pre-shared key of figure 6 (§6.1).</summary>
    public const string PreSharedKey = "12345678901234567890123456789012";
    /// <summary>The password of figure 7 (§6.2).</summary>
    public const string Password = "qwerty";

    /// <summary>A figure's text.</summary>
    public static string Figure(int number)
    {
        using var stream = typeof(Rfc6030).Assembly.GetManifestResourceStream($"Rfc6030/figure{number}.xml") ?? throw new ArgumentOutOfRangeException(nameof(number));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
