using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Countersign.Factors.Otp;

/// <summary>
/// HMAC-SHA-1 (RFC 2104, FIPS 180-4 §6.1) over eight consecutive counters at once, one in each lane of a vector. Judging a passcode needs
/// the codes of a whole window, whichever matches; this way the window costs little more than one code. Runs in constant time.
/// </summary>
internal struct HmacSha1Lanes
{
    /// <summary>Counters computed together.</summary>
    public const int Lanes = 8;

    private const int BlockLength = 64;
    private State _inner, _outer;

    /// <summary>Takes a key of any length; a key longer than a block is hashed first (RFC 2104 §2).</summary>
    public HmacSha1Lanes(ReadOnlySpan<byte> key)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
#pragma warning disable CA5350 // RFC 6238 §1.2: authenticator apps use SHA-1; as a keyed hash it is not broken (RFC 6194 §3.3).
        if (key.Length > BlockLength) SHA1.HashData(key, block);
#pragma warning restore CA5350
        else key.CopyTo(block);

        // The padded keys are one block each: lane 0 takes the inner, lane 1 the outer.
        Span<Vector256<uint>> words = stackalloc Vector256<uint>[16];
        for (var i = 0; i < 16; i++)
        {
            var word = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
            words[i] = Vector256.Create(word ^ 0x36363636, word ^ 0x5c5c5c5c, 0, 0, 0, 0, 0, 0);
        }
        var both = State.Initial;
        both.Compress(words);
        (_inner, _outer) = (both.Spread(0), both.Spread(1));
        CryptographicOperations.ZeroMemory(block);
        words.Clear();
    }

    /// <summary>The dynamically truncated values (RFC 4226 §5.3, 31 bits) of the counters from <paramref name="first"/> on.</summary>
    public readonly void Truncate(long first, Span<uint> truncated)
    {
        var low = Vector256.Create((uint)first) + Vector256<uint>.Indices;
        // A carry into the upper word shows as a low word smaller than the first.
        var high = Vector256.Create((uint)(first >> 32)) - Vector256.LessThan(low, Vector256.Create((uint)first));
        Span<Vector256<uint>> words = stackalloc Vector256<uint>[16];
        words.Clear();
        words[0] = high;
        words[1] = low;
        words[2] = Vector256.Create(0x80000000);
        words[15] = Vector256.Create((uint)((BlockLength + 8) * 8));
        var inner = _inner;
        inner.Compress(words);

        words.Clear();
        inner.CopyTo(words);
        words[5] = Vector256.Create(0x80000000);
        words[15] = Vector256.Create((uint)((BlockLength + 20) * 8));
        var outer = _outer;
        outer.Compress(words);
        outer.CopyTo(words);
        for (var lane = 0; lane < truncated.Length; lane++)
        {
            var offset = (int)(words[4][lane] & 0xf);
            var two = (ulong)words[offset / 4][lane] << 32 | words[Math.Min(offset / 4 + 1, 4)][lane];
            truncated[lane] = (uint)(two >> (32 - 8 * (offset % 4))) & 0x7fff_ffff;
        }
    }

    /// <summary>The five words of SHA-1's state, for every lane.</summary>
    private struct State
    {
        private Vector256<uint> _a, _b, _c, _d, _e;

        /// <summary>FIPS 180-4 §5.3.1.</summary>
        public static State Initial => new()
        {
            _a = Vector256.Create(0x67452301u),
            _b = Vector256.Create(0xefcdab89u),
            _c = Vector256.Create(0x98badcfeu),
            _d = Vector256.Create(0x10325476u),
            _e = Vector256.Create(0xc3d2e1f0u),
        };

        /// <summary>One lane's state in every lane.</summary>
        public readonly State Spread(int lane) => new()
        {
            _a = Vector256.Create(_a[lane]),
            _b = Vector256.Create(_b[lane]),
            _c = Vector256.Create(_c[lane]),
            _d = Vector256.Create(_d[lane]),
            _e = Vector256.Create(_e[lane]),
        };

        public readonly void CopyTo(Span<Vector256<uint>> words) => (words[0], words[1], words[2], words[3], words[4]) = (_a, _b, _c, _d, _e);

        /// <summary>FIPS 180-4 §6.1.2. Uses up <paramref name="words"/>: the schedule is computed in their place.</summary>
        public void Compress(Span<Vector256<uint>> words)
        {
            var (a, b, c, d, e) = (_a, _b, _c, _d, _e);
            for (var t = 0; t < 80; t++)
            {
                if (t >= 16) words[t & 15] = RotateLeft(words[(t + 13) & 15] ^ words[(t + 8) & 15] ^ words[(t + 2) & 15] ^ words[t & 15], 1);
                var (f, k) = t switch
                {
                    < 20 => (d ^ (b & (c ^ d)), 0x5a827999u),
                    < 40 => (b ^ c ^ d, 0x6ed9eba1u),
                    < 60 => ((b & c) | (d & (b | c)), 0x8f1bbcdcu),
                    _ => (b ^ c ^ d, 0xca62c1d6u),
                };
                var next = RotateLeft(a, 5) + f + e + Vector256.Create(k) + words[t & 15];
                (e, d, c, b, a) = (d, c, RotateLeft(b, 30), a, next);
            }
            (_a, _b, _c, _d, _e) = (_a + a, _b + b, _c + c, _d + d, _e + e);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<uint> RotateLeft(Vector256<uint> value, int bits) => (value << bits) | (value >>> (32 - bits));
    }
}
