using Countersign.Delivery.Http;
using Countersign.Factors;

namespace Countersign.Delivery.WebPush;

/// <summary>What a device is told (docs/authenticator-protocol.md): only where to look.</summary>
internal static class PushPayload
{
    private const int Version = 1;

    public static byte[] Write(FactorId factor, string transaction) => JsonBody.Write(json =>
    {
        json.WriteNumber("v", Version);
        json.WriteString("factor", factor.Value);
        json.WriteString("transaction", transaction);
    });
}
