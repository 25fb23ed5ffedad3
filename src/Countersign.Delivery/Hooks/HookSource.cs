namespace Countersign.Delivery.Hooks;

/// <summary>Who is named as the source of what is sent to hooks.</summary>
/// <param name="BaseUrl">The public address of this server.</param>
public sealed record HookSource(string BaseUrl);
