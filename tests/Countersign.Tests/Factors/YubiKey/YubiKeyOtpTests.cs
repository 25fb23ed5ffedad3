using Countersign.Factors.YubiKey;
using Countersign.Testing;
using CsCheck;

namespace Countersign.Tests.Factors.YubiKey;

public sealed class YubiKeyOtpTests
{
    /// <summary>The example of yubico-c's <c>ykparse</c>.</summary>
    [Fact]
    public void The_published_example_opens()
    {
        Assert.True(YubiKeyOtp.TryParse("dteffujehknhfjbrjnlnldnhcujvddbikngjrtgh", out var otp));

        Assert.Equal("dteffuje", otp.PublicId);
        Assert.Equal("69b6481c8baba2b60e8f22179b58cd56".Length / 2, otp.Block.Length);
        Assert.True(YubiKeyBlock.TryOpen(otp.Block.Span, Hex("ecde18dbe76fbd0c33330f1c354871db"), Hex("8792ebfe26cc"), out var block));
        Assert.Equal(new YubiKeyBlock(UseCounter: 19, SessionCounter: 17, Timestamp: 49_712), block);
        Assert.Equal((19 << 8) + 17, block.Counter);
    }

    /// <summary>The table of the manual (§6.2) and yubico-c's self test.</summary>
    [Theory]
    [InlineData("0123456789abcdef", "cbdefghijklnrtuv")]
    [InlineData("2d344e83", "dteffuje")]
    [InlineData("69b6481c8baba2b60e8f22179b58cd56", "hknhfjbrjnlnldnhcujvddbikngjrtgh")]
    public void Modhex_is_as_published(string hex, string modhex)
    {
        var read = new byte[hex.Length / 2];

        Assert.Equal(modhex, ModHex.Encode(Hex(hex)));
        Assert.True(ModHex.TryDecode(modhex.ToUpperInvariant(), read));
        Assert.Equal(hex, Convert.ToHexStringLower(read));
    }

    /// <summary>yubico-c's self test of its checksum.</summary>
    [Fact]
    public void The_checksum_is_as_published()
        => Assert.Equal(0xf0b8, YubiKeyBlock.Checksum(Hex("8792ebfe26cc130030c20011c89f23c8")));

    [Theory]
    [InlineData("ecde18dbe76fbd0c33330f1c354871dc", "8792ebfe26cc")]
    [InlineData("ecde18dbe76fbd0c33330f1c354871db", "8792ebfe26cd")]
    public void With_another_key_or_private_id_it_stays_shut(string key, string privateId)
    {
        Assert.True(YubiKeyOtp.TryParse("dteffujehknhfjbrjnlnldnhcujvddbikngjrtgh", out var otp));

        Assert.False(YubiKeyBlock.TryOpen(otp.Block.Span, Hex(key), Hex(privateId), out var block));
        Assert.Equal(default, block);
    }

    [Fact]
    public void What_a_key_types_is_read_back() => Gen.Select(Gen.Int[0, 0x7fff], Gen.Int[0, 255], Gen.Bool).Sample((use, session, capsLock) =>
    {
        var key = new SoftwareYubiKey { UseCounter = use, SessionCounter = session };

        Assert.True(YubiKeyOtp.TryParse($" {key.Touch(capsLock)}\n", out var otp));

        Assert.Equal(key.PublicId, otp.PublicId);
        Assert.True(YubiKeyBlock.TryOpen(otp.Block.Span, Hex(key.AesKey), Hex(key.PrivateId), out var block));
        Assert.Equal((use, session, use << 8 | session), (block.UseCounter, block.SessionCounter, block.Counter));
    });

    [Fact]
    public void A_wrong_checksum_is_noticed()
    {
        var key = new SoftwareYubiKey();
        Assert.True(YubiKeyOtp.TryParse(key.Touch(rightChecksum: false), out var otp));

        Assert.False(YubiKeyBlock.TryOpen(otp.Block.Span, Hex(key.AesKey), Hex(key.PrivateId), out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("hknhfjbrjnlnldnhcujvddbikngjrtgh")]                          // no public id
    [InlineData("chknhfjbrjnlnldnhcujvddbikngjrtgh")]                         // half a byte of one
    [InlineData("cccccccccccccccccchknhfjbrjnlnldnhcujvddbikngjrtgh")]        // one of 9 bytes
    [InlineData("dteffujehknhfjbrjnlnldnhcujvddbikngjrtga")]                  // a letter that is none of modhex
    [InlineData("dteffujehknhfjbrjnlnldnhcujvddbikngjrtg\u212a")]             // the sign of kelvin, whose lower case is k
    public void What_is_no_otp_is_not_read(string? text) => Assert.False(YubiKeyOtp.TryParse(text, out _));

    [Fact]
    public void Modhex_reads_what_it_wrote_and_no_text_makes_it_throw() => Gen.Select(Gen.Byte.Array[0, 80], Gen.String).Sample((bytes, text) =>
    {
        var read = new byte[bytes.Length];
        Assert.True(ModHex.TryDecode(ModHex.Encode(bytes), read) && read.AsSpan().SequenceEqual(bytes));
        Assert.Equal(ModHex.TryDecode(text, read), text.Length == 2 * read.Length && text.All(letter => "cbdefghijklnrtuvCBDEFGHIJKLNRTUV".Contains(letter, StringComparison.Ordinal)));
        Assert.False(YubiKeyOtp.TryParse(text, out var otp) && otp.PublicId.Length + 32 > text.Length);
    });

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
