using System.Text.Json.Nodes;

namespace Countersign.Server.Hooks;

/// <summary>An inline hook (contract 15.1).</summary>
internal sealed record InlineHookShape
{
    /// <summary>The hook's id.</summary>
    public required string Id { get; init; }
    /// <summary><c>ACTIVE</c> or <c>INACTIVE</c>.</summary>
    public required string Status { get; init; }
    /// <summary>The name.</summary>
    public required string Name { get; init; }
    /// <summary>The type, for example <c>com.okta.telephony.provider</c>.</summary>
    public required string Type { get; init; }
    /// <summary>The version of the type.</summary>
    public required string Version { get; init; }
    /// <summary>How your service is called.</summary>
    public required HookChannelShape Channel { get; init; }
    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>When it last changed.</summary>
    public required DateTimeOffset LastUpdated { get; init; }
    /// <summary>What can be done next.</summary>
    public JsonObject? _links { get; init; }
}

/// <summary>An event hook (contract 15.3).</summary>
internal sealed record EventHookShape
{
    /// <summary>The hook's id.</summary>
    public required string Id { get; init; }
    /// <summary><c>ACTIVE</c> or <c>INACTIVE</c>.</summary>
    public required string Status { get; init; }
    /// <summary><c>VERIFIED</c> or <c>UNVERIFIED</c>; events are sent to verified hooks alone.</summary>
    public required string VerificationStatus { get; init; }
    /// <summary>The name.</summary>
    public required string Name { get; init; }
    /// <summary>What it is for.</summary>
    public string? Description { get; init; }
    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>The id of the user that made it.</summary>
    public required string CreatedBy { get; init; }
    /// <summary>When it last changed.</summary>
    public required DateTimeOffset LastUpdated { get; init; }
    /// <summary>The events that your service is told of.</summary>
    public required EventSubscriptionsShape Events { get; init; }
    /// <summary>How your service is called.</summary>
    public required HookChannelShape Channel { get; init; }
    /// <summary>What can be done next.</summary>
    public JsonObject? _links { get; init; }
}

/// <summary>Which events an event hook is told of.</summary>
/// <param name="Type"><c>EVENT_TYPE</c>.</param>
/// <param name="Items">Event types of the system log.</param>
internal sealed record EventSubscriptionsShape(string Type, string[] Items);

/// <summary>How a hook is called.</summary>
/// <param name="Type"><c>HTTP</c>.</param>
/// <param name="Version"><c>1.0.0</c>.</param>
/// <param name="Config">The address and what is sent with every call.</param>
internal sealed record HookChannelShape(string Type, string Version, HookConfigShape Config);

/// <summary>The address of a hook and what is sent with every call.</summary>
/// <param name="Uri">The address.</param>
/// <param name="Method"><c>POST</c>.</param>
/// <param name="Headers">Further headers.</param>
/// <param name="AuthScheme">The header by which your service knows who calls, without its value; null or absent when there is none.</param>
internal sealed record HookConfigShape(string Uri, string Method, HookHeaderShape[] Headers, HookAuthShape? AuthScheme);

/// <summary>A header that is sent with every call.</summary>
/// <param name="Key">The name.</param>
/// <param name="Value">The value.</param>
internal sealed record HookHeaderShape(string Key, string Value);

/// <summary>The header by which a service knows who calls.</summary>
/// <param name="Type"><c>HEADER</c>.</param>
/// <param name="Key">The name.</param>
internal sealed record HookAuthShape(string Type, string Key);
