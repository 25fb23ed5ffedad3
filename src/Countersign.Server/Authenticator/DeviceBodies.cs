using Countersign.Factors.Push;

namespace Countersign.Server.Authenticator;

/// <summary>A ticket to look at.</summary>
internal sealed record ActivationRequest
{
    public string? Ticket { get; init; }
}

/// <summary>A device that is to be bound.</summary>
internal sealed record RegisterDeviceRequest
{
    public string? Ticket { get; init; }
    public DeviceKeyRequest? Key { get; init; }
    public string? Name { get; init; }
    public string? DeviceType { get; init; }
    public string? Platform { get; init; }
    public string? Version { get; init; }
    public string? Signature { get; init; }

    /// <summary>What it says; null when something of it is missing.</summary>
    public DeviceRegistration? ToRegistration() => this is { Ticket: { } ticket, Key: { Kty: "EC", Crv: "P-256", X: { } x, Y: { } y }, Signature: { } signature }
        and { Name: { } name, DeviceType: { } deviceType, Platform: { } platform }
        ? new DeviceRegistration(ticket, new DeviceKey(x, y), new DeviceDescription(name, deviceType, platform, Version ?? ""), signature) : null;
}

/// <summary>A public key (RFC 7517, RFC 7518 §6.2).</summary>
internal sealed record DeviceKeyRequest
{
    public string? Kty { get; init; }
    public string? Crv { get; init; }
    public string? X { get; init; }
    public string? Y { get; init; }
}

/// <summary>What a person said to a request.</summary>
internal sealed record AnswerRequest
{
    public string? User { get; init; }
    public string? Factor { get; init; }
    public string? Decision { get; init; }
    public string? Number { get; init; }
    public string? Signature { get; init; }
}

/// <summary>What a device says of itself.</summary>
internal sealed record DescribeDeviceRequest
{
    public string? Name { get; init; }
    public string? Version { get; init; }
}

/// <summary>A browser's <c>PushSubscription</c>.</summary>
internal sealed record SubscriptionRequest
{
    public string? Endpoint { get; init; }
    public SubscriptionKeysRequest? Keys { get; init; }
}

/// <summary>Its keys.</summary>
internal sealed record SubscriptionKeysRequest
{
    public string? P256dh { get; init; }
    public string? Auth { get; init; }
}

/// <summary>The devices that an app asks for.</summary>
internal sealed record DeviceEventsRequest
{
    public string[]? Devices { get; init; }
}
