using System.Text.Json.Nodes;
using Countersign.Factors;
using Countersign.Factors.Push;

namespace Countersign.Server.Authenticator;

/// <summary>Renders what devices are told (docs/authenticator-protocol.md).</summary>
internal sealed class DeviceDocuments(IWebPush webPush)
{
    /// <summary>What a ticket is for.</summary>
    public static JsonObject Activation(ActivationView activation) => new()
    {
        ["organization"] = activation.Organization,
        ["login"] = activation.Login,
        ["expiresAt"] = activation.ExpiresAt.ToTimestamp(),
    };

    /// <summary>A device that was bound.</summary>
    /// <param name="device">The device.</param>
    /// <param name="totp">The TOTP factor that came with it, and its secret; null: none, or it was told before.</param>
    public JsonObject Bound(DeviceView device, JsonObject? totp)
    {
        var document = Named(device);
        if (totp is not null)
        {
            totp["digits"] = 6;
            totp["period"] = 30;
            totp["algorithm"] = "SHA1";
            document["totp"] = totp;
        }
        AddWebPush(document);
        return document;
    }

    /// <summary>A device.</summary>
    public JsonObject Device(DeviceView device)
    {
        var document = Named(device);
        document["subscribed"] = device.IsSubscribed;
        AddWebPush(document);
        return document;
    }

    /// <summary>A device and what waits for it.</summary>
    public JsonObject Requests(DeviceView device) => new()
    {
        ["device"] = Device(device),
        ["requests"] = new JsonArray([.. device.Requests.Select(Request)]),
    };

    /// <summary>What became of a request.</summary>
    public static JsonObject Result(FactorResult result) => new() { ["factorResult"] = result.Name };

    private static JsonObject Named(DeviceView device) => new()
    {
        ["user"] = device.User.Id.Value,
        ["factor"] = device.Factor.Id.Value,
        ["organization"] = device.Organization,
        ["login"] = device.User.Login,
        ["name"] = device.Device.Description.Name,
    };

    private void AddWebPush(JsonObject document)
    {
        if (webPush.PublicKey is { } key) document["webPush"] = new JsonObject { ["publicKey"] = key };
    }

    private static JsonObject Request(PushRequest request)
    {
        var document = new JsonObject { ["transactionId"] = request.TransactionId, ["createdAt"] = request.CreatedAt, ["expiresAt"] = request.ExpiresAt };
        Set("application", request.Application);
        Set("address", request.Address);
        Set("place", request.Place);
        Set("userAgent", request.UserAgent);
        document["number"] = request.Number;
        if (request.Choices is { } choices) document["choices"] = new JsonArray([.. choices.Select(choice => (JsonNode)choice)]);
        return document;

        void Set(string name, string? text)
        {
            if (text is not null) document[name] = text;
        }
    }
}
