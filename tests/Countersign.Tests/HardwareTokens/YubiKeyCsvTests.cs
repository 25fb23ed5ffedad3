using Countersign.HardwareTokens;
using Countersign.HardwareTokens.Csv;
using CsCheck;

namespace Countersign.Tests.HardwareTokens;

public sealed class YubiKeyCsvTests
{
    private const string PrivateId = "5bf6f40a6b4b", AesKey = "ed5ed8bc2ae19bde15bd3a94d03ed37a";
    private static readonly string Secret = PrivateId + AesKey;

    [Theory]
    // The Personalization Tool's and ykpersonalize's log; the number is in the public id.
    [InlineData($"LOGGING START,11/25/2013 10:05\nYubico OTP,11/25/2013 10:05,1,ccccccijgibu,{PrivateId},{AesKey},,,0,0,0,0,0,0,0,0,0,0", "000007886622", "ccccccijgibu")]
    [InlineData($"Yubico OTP,12/11/2013 11:10,2,vvccccijgibu,{PrivateId},{AesKey},,,0,0,0,0,0,0,0,0,0,0", "000007886622", "vvccccijgibu")]
    // ykman's, and the tool's flexible format.
    [InlineData($"7886622,ccccccijgibu,{PrivateId},{AesKey},,2021-03-25T12:00:00,", "000007886622", "ccccccijgibu")]
    [InlineData($"7886622,cccccccccccb,{PrivateId},{AesKey},0102030405ff,2021-03-25T12:00:00,\r\n", "000007886622", "cccccccccccb")]
    // ykksm's export.
    [InlineData($"# ykksm 1\n# serialnr,identity,internaluid,aeskey,lockpw,created,accessed[,progflags]\n7886622,ccccccijgibu,{PrivateId},{AesKey},000000000000,2009-11-04T00:01:02,2009-11-04T00:02:03,0\n# the end", "000007886622", "ccccccijgibu")]
    // Columns by their names, in any order, in quotes.
    [InlineData($"\ufeff\"Serial Number\",\"AES Key\",\"Private ID\",\"Public ID\"\n\"7886622\",\"{AesKey}\",\"{PrivateId}\",\"ccccccijgibu\"", "000007886622", "ccccccijgibu")]
    [InlineData($"publicId;privateId;aesKey;serialNumber\nccccccijgibu;{PrivateId};{AesKey};7886622", "000007886622", "ccccccijgibu")]
    [InlineData($"public_id,private_id,key\nCCCCCCIJGIBU,{PrivateId},{AesKey}", "000007886622", "ccccccijgibu")]
    public void Every_shape_is_read(string file, string serial, string publicId)
    {
        var seed = Assert.IsType<ImportRow.Read>(Assert.Single(Read(file))).Seed;

        Assert.Equal((TokenKind.YubiKey, serial, publicId, Secret), (seed.Kind, seed.Serial, seed.PublicId, Convert.ToHexStringLower(seed.Secret)));
    }

    [Theory]
    [InlineData("OATH-HOTP,11.12.13 18:55,1,cccccccccccc,,916821d3a138bf855e70069605559a206ba854cd,,,0,0,0,6,0,0,0,0,0,0", null, "it is no configuration for Yubico OTP")]
    [InlineData("Static Password: Scan Code,17.04.12 12:25,1,051212172c092728,,,,,0,0,0,0,0,0,0,0,0,0", null, "it is no configuration for Yubico OTP")]
    [InlineData($"Yubico OTP,11.12.13 18:58,1,,,{AesKey},,,0,0,0,0,0,0,0,0,0,0", null, "it is no configuration for Yubico OTP")]
    [InlineData("508327,,0,69cfb9202438ca68964ec3244bfa4843d073a43b,,2013-12-12T08:41:07,", "508327", "it is no configuration for Yubico OTP")]
    [InlineData($"508328,cccccccccccc,83cebdfb7b9,{AesKey},,", "508328", "the private id is malformed: allowed are 12 hexadecimal digits")]
    [InlineData($"508328,cccccccccccc,{PrivateId},{AesKey}00,,", "508328", "the AES key is malformed: allowed are 32 hexadecimal digits")]
    [InlineData($"508328,ccccccccccca,{PrivateId},{AesKey},,", "508328", "the public id is malformed: allowed are 2 to 16 letters of modhex")]
    [InlineData($"{AesKey}x y,cccccccccccc,{PrivateId},{AesKey},,", null, "the serial number is malformed")]
    [InlineData("508328,cccccccccccc", null, "found 2 columns, at least 4 are needed")]
    [InlineData("508328,\"cccccccccccc", null, "the line is no CSV")]
    public void A_line_that_cannot_be_used_is_refused_and_stops_no_other(string line, string? serial, string reason)
    {
        var rows = Read($"1,cccccccccccb,{PrivateId},{AesKey},,\n{line}\n\n2,cccccccccccd,{PrivateId},{AesKey},,");

        Assert.Equal(["000000000001", "000000000002"], rows.OfType<ImportRow.Read>().Select(row => row.Seed.Serial));
        Assert.Equal((2, serial, reason), Assert.Single(rows.OfType<ImportRow.Refused>().Select(row => (row.Line, row.Serial, row.Reason))));
    }

    [Fact]
    public void A_line_that_is_too_long_is_refused_without_being_kept()
    {
        var rows = Read($"{new string('a', 5_000_000)}\n2,cccccccccccd,{PrivateId},{AesKey},,");

        Assert.Equal("the line is longer than 4096 characters", Assert.IsType<ImportRow.Refused>(rows[0]).Reason);
        Assert.Equal(2, Assert.IsType<ImportRow.Read>(rows[1]).Line);
    }

    [Fact]
    public void No_text_makes_reading_throw_and_every_line_is_answered_at_most_once()
    {
        var cell = Gen.OneOf(Gen.String, OneOf("", "Yubico OTP", "serial", "public id", "private id", "aes key", "7886622", "ccccccijgibu", PrivateId, AesKey, "\"", "#", "LOGGING START", " \"a\"\"b\" "));
        Gen.Select(cell.Array[0, 9], OneOf(",", ";", "\t")).Array[0, 8].Sample(lines =>
        {
            var text = string.Join('\n', lines.Select(line => string.Join(line.Item2, line.Item1)));
            Assert.InRange(Read(text).Count, 0, text.Count(character => character is '\n' or '\r') + 1);
        });
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static List<ImportRow> Read(string text)
    {
        using var reader = new StringReader(text);
        return [.. YubiKeyCsv.Read(reader)];
    }
}
