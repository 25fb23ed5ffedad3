using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Countersign.Bench.Passcodes;

/// <summary>Somebody with an authenticator. Everything about them follows from their number, so a million of them need no list.</summary>
internal readonly record struct Person(int Number)
{
    private static readonly int[] AreaCodes = [212, 213, 303, 312, 404, 415, 512, 617, 702, 713];
    private static readonly byte[] Root = RandomNumberGenerator.GetBytes(32);

    /// <summary>The shared secret, 20 bytes; another one in every run.</summary>
    public byte[] Secret => Derive("secret"u8)[..20];

    /// <summary>A number that nobody else has, of the plan of the United States; neighbours are spread over several area codes.</summary>
    public string Phone
    {
        get
        {
            var (line, group) = (Number / AreaCodes.Length % 10_000, Number / AreaCodes.Length / 10_000);
            return string.Create(CultureInfo.InvariantCulture, $"+1{AreaCodes[Number % AreaCodes.Length]}{555 + group}{line:D4}");
        }
    }

    /// <summary>An id of the kind that the peers give their users.</summary>
    public string Guid => new Guid(Derive("id"u8).AsSpan(..16)).ToString();

    /// <summary>32 bytes that belong to this person and this purpose.</summary>
    public byte[] Derive(ReadOnlySpan<byte> purpose)
    {
        Span<byte> message = stackalloc byte[sizeof(int) + purpose.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, Number);
        purpose.CopyTo(message[sizeof(int)..]);
        return HMACSHA256.HashData(Root, message);
    }
}
