using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Countersign.Identifiers;

namespace Countersign.Users.Search;

/// <summary>Where a list goes on: in which scan of its plan, and behind which place. To clients it is opaque; for a plain list it is the last user's id.</summary>
public readonly record struct UserCursor(int Scan, UserPlace Place)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    public override string ToString() => Scan == 0 && Place.Value.Length == 0
        ? Place.Id
        : string.Create(CultureInfo.InvariantCulture, $"{Place.Id}.{Scan}.{Base64Url.EncodeToString(Utf8.GetBytes(Place.Value))}");

    /// <summary>Reads a cursor. No text makes it throw.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out UserCursor? cursor)
    {
        cursor = null;
        var parts = text.Split('.', 4);
        if (!Identifier.HasForm(parts[0], UserId.Prefix)) return false;
        if (parts.Length == 1) cursor = new UserCursor(0, new UserPlace("", text));
        else if (parts.Length == 3 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var scan) && TryDecode(parts[2], out var value))
            cursor = new UserCursor(scan, new UserPlace(value, parts[0]));
        return cursor is not null;
    }

    private static bool TryDecode(string text, out string value)
    {
        value = "";
        var bytes = new byte[text.Length];
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var written)) return false;
        try
        {
            value = Utf8.GetString(bytes, 0, written);
        }
        catch (ArgumentException)
        {
            return false;
        }
        return !value.Contains('\0');
    }
}
