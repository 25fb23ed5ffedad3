using System.Buffers.Binary;
using System.Globalization;
using Countersign.Factors.YubiKey;

namespace Countersign.HardwareTokens.Csv;

/// <summary>
/// Reads the files that YubiKey personalisation tools write, each line by itself, so that a broken one stops nothing: the log of the Personalization Tool and of
/// <c>ykpersonalize</c> (<c>Yubico OTP,date,slot,public id,private id,AES key,…</c>), the lines of <c>ykman otp</c> and of the tool's flexible format
/// (<c>serial,public id,private id,AES key,access code,date,</c>, also as <c>ykksm</c> exports them), and files whose first line names the columns. No text makes it throw, and
/// none makes it remember more than a line.
/// </summary>
public static class YubiKeyCsv
{
    private const int LongestLine = 4_096, MostColumns = 64;
    private const string NotOtp = "it is no configuration for Yubico OTP";

    /// <summary>The kinds of configuration that the Personalization Tool logs beside Yubico OTP.</summary>
    private static readonly string[] OtherKinds = ["OATH-HOTP", "OATH HOTP", "Static Password", "Challenge-Response", "NDEF", "Scan Map", "Device Configuration Protected"];

    /// <summary>The file's entries as it is read.</summary>
    public static IEnumerable<ImportRow> Read(TextReader reader)
    {
        Columns? columns = null;
        foreach (var (number, text) in BoundedLines.Read(reader, LongestLine))
        {
            if (text is null)
            {
                yield return new ImportRow.Refused(number, null, $"the line is longer than {LongestLine} characters");
                continue;
            }
            var line = text.Trim().TrimStart('\ufeff');
            if (line.Length == 0 || line.StartsWith("LOGGING START", StringComparison.OrdinalIgnoreCase)) continue;
            var cells = Split(line.TrimStart('#', ' '));
            if (cells is not null && Columns.Of(cells) is { } named) columns = named;
            else if (line[0] != '#') yield return Row(number, cells, columns);
        }
    }

    private static ImportRow Row(int line, List<string>? cells, Columns? columns)
    {
        if (cells is null) return new ImportRow.Refused(line, null, "the line is no CSV");
        var kind = cells[0];
        if (OtherKinds.Any(other => kind.StartsWith(other, StringComparison.OrdinalIgnoreCase))) return new ImportRow.Refused(line, null, NotOtp);
        var place = kind.Equals("Yubico OTP", StringComparison.OrdinalIgnoreCase) ? Columns.OfLog : columns ?? Columns.OfTools;
        if (cells.Count < place.Count) return new ImportRow.Refused(line, null, $"found {cells.Count} columns, at least {place.Count} are needed");
        var (publicId, privateId) = (cells[place.PublicId], cells[place.PrivateId]);
        var serial = place.Serial is { } column && cells[column].Length > 0 ? cells[column] : SerialOf(publicId);
        // The flexible format has lines of other configurations, without a public or private id, or with a counter in the latter's place.
        if (publicId.Length == 0 || privateId.Length < 2) return new ImportRow.Refused(line, Shown(serial), NotOtp);
        return TokenSeed.TryYubiKey(serial, publicId, privateId, cells[place.AesKey], out var seed, out var wrong)
            ? new ImportRow.Read(line, seed)
            : new ImportRow.Refused(line, Shown(serial), wrong switch
            {
                "serialNumber" => "the serial number is malformed",
                "publicId" => "the public id is malformed: allowed are 2 to 16 letters of modhex",
                "privateId" => "the private id is malformed: allowed are 12 hexadecimal digits",
                _ => "the AES key is malformed: allowed are 32 hexadecimal digits",
            });
    }

    /// <summary>
    /// The serial number that a public id is made of, where the file has no other: keys come with their number as public id, and tools make ids of <c>vvcc</c> (0xff00) and the number.
    /// </summary>
    internal static string? SerialOf(string publicId)
    {
        if (!YubiKeyOtp.TryPublicId(publicId, out var id)) return null;
        Span<byte> number = stackalloc byte[8];
        number.Clear();
        ModHex.TryDecode(id, number[^(id.Length / 2)..]);
        if (id.Length == 12 && number[2] == 0xff && number[3] == 0x00) number[..4].Clear();
        return BinaryPrimitives.ReadUInt64BigEndian(number).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What is repeated of a line that was refused: never a text that could be something else than a serial number.</summary>
    private static string? Shown(string? serial) => serial is { Length: > 0 and <= 20 } && !serial.AsSpan().ContainsAnyExceptInRange('0', '9') ? serial : null;

    /// <summary>The cells of a line, blanks around them taken off; cells may be in double quotes (RFC 4180). Null when the quotes do not match, or there are too many cells.</summary>
    private static List<string>? Split(string line)
    {
        var cells = new List<string>();
        // Some tools separate with semicolons, as spreadsheets of some countries do.
        var separator = line.Contains(',', StringComparison.Ordinal) ? ',' : ';';
        for (var at = 0; at <= line.Length; at++)
        {
            if (cells.Count == MostColumns) return null;
            while (at < line.Length && line[at] == ' ') at++;
            if (at < line.Length && line[at] == '"')
            {
                var cell = new System.Text.StringBuilder();
                for (at++; ; at++)
                {
                    if (at >= line.Length) return null;
                    if (line[at] != '"') cell.Append(line[at]);
                    else if (at + 1 < line.Length && line[at + 1] == '"') cell.Append(line[at++]);
                    else break;
                }
                while (++at < line.Length && line[at] == ' ') { }
                if (at < line.Length && line[at] != separator) return null;
                cells.Add(cell.ToString().Trim());
                continue;
            }
            var end = line.IndexOf(separator, at);
            if (end < 0) end = line.Length;
            cells.Add(line[at..end].Trim());
            at = end;
        }
        return cells;
    }

    /// <summary>Which cell is what.</summary>
    private sealed record Columns(int? Serial, int PublicId, int PrivateId, int AesKey)
    {
        public static readonly Columns OfLog = new(null, 3, 4, 5);
        public static readonly Columns OfTools = new(0, 1, 2, 3);

        public int Count => 1 + Math.Max(Math.Max(Serial ?? 0, PublicId), Math.Max(PrivateId, AesKey));

        /// <summary>The places that a line of names gives; null when it is none.</summary>
        public static Columns? Of(List<string> cells)
        {
            var names = cells.ConvertAll(cell => cell.ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal));
            var (publicId, privateId, aesKey) = (Find("publicid", "publicidentity", "identity", "publicidmodhex"), Find("privateid", "privateidentity", "internaluid", "internalname", "secretid", "uid"), Find("aeskey", "key", "secretkey", "aessecret"));
            return publicId < 0 || privateId < 0 || aesKey < 0 ? null
                : new Columns(Find("serialnumber", "serial", "serialnr", "serialno") is >= 0 and var serial ? serial : null, publicId, privateId, aesKey);

            int Find(params string[] known) => names.FindIndex(name => known.Contains(name, StringComparer.Ordinal));
        }
    }
}
