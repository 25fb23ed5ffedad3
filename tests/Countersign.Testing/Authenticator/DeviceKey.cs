using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Testing.Authenticator;

/// <summary>A device's key as it travels.</summary>
public static class DeviceKey
{
    extension(ECDsa key)
    {
        /// <summary>The public half as a JWK.</summary>
        public JsonObject ToJwk() => new() { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Coordinate(key, public_ => public_.X!), ["y"] = Coordinate(key, public_ => public_.Y!) };

        /// <summary>RFC 7638 §3: SHA-256 of the required members in the order of their names, without blanks.</summary>
        public string Thumbprint() => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(
            $$"""{"crv":"P-256","kty":"EC","x":"{{Coordinate(key, public_ => public_.X!)}}","y":"{{Coordinate(key, public_ => public_.Y!)}}"}""")));
    }

    private static string Coordinate(ECDsa key, Func<ECPoint, byte[]> of) => Base64Url.EncodeToString(of(key.ExportParameters(includePrivateParameters: false).Q));
}
