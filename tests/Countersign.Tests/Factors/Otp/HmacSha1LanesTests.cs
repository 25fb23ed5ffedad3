using System.Buffers.Binary;
using System.Security.Cryptography;
using Countersign.Factors.Otp;
using CsCheck;

namespace Countersign.Tests.Factors.Otp;

public sealed class HmacSha1LanesTests
{
    [Fact]
    public void Every_lane_agrees_with_the_base_library()
        => Gen.Select(Gen.Byte.Array[0, 130], Gen.Long[0, long.MaxValue - HmacSha1Lanes.Lanes]).Sample((key, first) => AssertAgrees(key, first), iter: 2_000);

    [Theory]
    [InlineData(0)]
    [InlineData(0xffff_fffaL)]                    // the carry into the upper word falls between two lanes
    [InlineData(0x1_ffff_ffffL)]
    [InlineData(long.MaxValue - HmacSha1Lanes.Lanes)]
    public void Counters_carry_from_the_lower_into_the_upper_word(long first) => AssertAgrees("12345678901234567890"u8.ToArray(), first);

    private static void AssertAgrees(byte[] key, long first)
    {
        var truncated = new uint[HmacSha1Lanes.Lanes];
        new HmacSha1Lanes(key).Truncate(first, truncated);

        for (var lane = 0; lane < truncated.Length; lane++)
        {
            var message = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(message, first + lane);
            var mac = HMACSHA1.HashData(key, message);
            Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(mac.AsSpan(mac[19] & 0xf)) & 0x7fff_ffff, truncated[lane]);
        }
    }
}
