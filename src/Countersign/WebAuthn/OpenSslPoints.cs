using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Countersign.WebAuthn;

/// <summary>
/// Opens public keys on the NIST curves by OpenSSL's own way, which only checks that the point is on the curve: as these curves have no cofactor, that is all there is to check (SEC 1 §3.2.2.1).
/// The base library also multiplies the point by the curve's order, which takes longer than the signature that the key is for (decision 19).
/// </summary>
internal static partial class OpenSslPoints
{
    private const string Library = "libcrypto.so.3";
    private const int PublicKeyAndParameters = 0x86;   // EVP_PKEY_PUBLIC_KEY
    private const uint Utf8 = 4, Octets = 5;

    // What the base library has loaded: the same library, or keys could not be handed to it.
    private static readonly bool IsThere = OperatingSystem.IsLinux() && Version() >> 28 == 3 && NativeLibrary.TryLoad(Library, out var library)
        && NativeLibrary.TryGetExport(library, "EVP_PKEY_fromdata", out _);

    /// <summary>The key of a point; null where OpenSSL 3 is not what the base library uses.</summary>
    /// <param name="curve">OpenSSL's name of the curve, ended by a zero.</param>
    /// <param name="point">The point, uncompressed (SEC 1 §2.3.3).</param>
    /// <exception cref="CryptographicException">The point is not on the curve.</exception>
    public static ECDsa? TryOpen(ReadOnlySpan<byte> curve, ReadOnlySpan<byte> point) => IsThere && OperatingSystem.IsLinux() ? Open(curve, point) : null;

    [SupportedOSPlatform("linux")]
    private static unsafe ECDsaOpenSsl Open(ReadOnlySpan<byte> curve, ReadOnlySpan<byte> point)
    {
        nint key = 0;
        var context = NewContext(0, "EC\0"u8, 0);
        try
        {
            fixed (byte* group = "group\0"u8, pub = "pub\0"u8, name = curve, octets = point)
            {
                var parameters = stackalloc Parameter[3];
                parameters[0] = new Parameter { Key = group, Type = Utf8, Data = name, Size = curve.Length - 1, Returned = -1 };
                parameters[1] = new Parameter { Key = pub, Type = Octets, Data = octets, Size = point.Length, Returned = -1 };
                parameters[2] = default;
                if (context == 0 || BeginFromData(context) != 1 || FromData(context, &key, PublicKeyAndParameters, parameters) != 1)
                {
                    ClearErrors();   // they would be told to whoever asks next on this thread
                    throw new CryptographicException("the point is not on its curve");
                }
            }
        }
        finally
        {
            FreeContext(context);
        }
        using var handle = new SafeEvpPKeyHandle(key, ownsHandle: true);
        return new ECDsaOpenSsl(handle);
    }

    private static long Version() => OperatingSystem.IsLinux() ? SafeEvpPKeyHandle.OpenSslVersion : 0;

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_new_from_name")]
    private static partial nint NewContext(nint library, ReadOnlySpan<byte> name, nint properties);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_free")]
    private static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_fromdata_init")]
    private static partial int BeginFromData(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_fromdata")]
    private static unsafe partial int FromData(nint context, nint* key, int selection, Parameter* parameters);

    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    private static partial void ClearErrors();

    /// <summary><c>OSSL_PARAM</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Parameter
    {
        public byte* Key;
        public uint Type;
        public void* Data;
        public nint Size;
        public nint Returned;
    }
}
