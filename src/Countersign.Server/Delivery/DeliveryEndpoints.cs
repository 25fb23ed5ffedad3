using System.Text.Json.Nodes;
using Countersign.Delivery;
using Countersign.Delivery.Providers;
using Countersign.Outbox;
using Countersign.SendLimits;
using Countersign.Server.Json;
using Countersign.Server.OpenApi;
using Countersign.Server.Requests;
using Countersign.Tokens;

namespace Countersign.Server.Delivery;

/// <summary>Who gets messages to people, and how well.</summary>
internal static class DeliveryEndpoints
{
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(5);

    public static void MapDelivery(this IEndpointRouteBuilder routes)
    {
        var delivery = routes.MapGroup("/countersign/v1/delivery").WithTags("Delivery").InRateLimitGroup("Delivery");
        delivery.MapGet("/", GetAsync).WithName("GetDelivery").RequireScope(ApiScopes.DeliveryRead).Answers<DeliveryShape>();
        delivery.MapGet("/providers", ListAsync).WithName("ListDeliveryProviders").RequireScope(ApiScopes.DeliveryRead).Answers<DeliveryProviderShape[]>();
        delivery.MapReceipts();
    }

    /// <summary>Shows what waits, which channels are served, and where nothing is sent to for a while.</summary>
    internal static async Task<IResult> GetAsync(HttpContext http, IOutbox outbox, OutboxPolicy policy, ConversionWatch watch) => new JsonResult(new JsonObject
    {
        ["waiting"] = await outbox.CountWaitingAsync(100_000, http.RequestAborted),
        ["channels"] = new JsonArray([.. policy.Delivered.Order().Select(channel => (JsonNode)channel.Name)]),
        ["keepsOthers"] = policy.KeepsOthers,
        ["pausedRanges"] = new JsonArray([.. watch.Paused.Select(paused => (JsonNode)new JsonObject { ["range"] = paused.Key, ["until"] = paused.Value.ToTimestamp() })]),
    });

    /// <summary>Lists the delivery providers and asks each whether it would take messages.</summary>
    internal static async Task<IResult> ListAsync(HttpContext http, ProviderRoutes routes, TimeProvider clock)
    {
        var checks = await Task.WhenAll(routes.All.Select(route => CheckAsync(route.Provider, http.RequestAborted)));
        return new JsonResult(new JsonArray([.. routes.All.Zip(checks, (route, health) => (JsonNode)new JsonObject
        {
            ["name"] = route.Provider.Name,
            ["type"] = route.Settings.Type,
            ["order"] = route.Settings.Order,
            ["channels"] = new JsonArray([.. route.Channels.Order().Select(channel => (JsonNode)channel.Name)]),
            ["countries"] = new JsonArray([.. route.Settings.Countries.Select(country => (JsonNode)country)]),
            ["exceptCountries"] = new JsonArray([.. route.Settings.ExceptCountries.Select(country => (JsonNode)country)]),
            ["healthy"] = health.IsHealthy,
            ["detail"] = health.Detail,
            ["avoided"] = route.IsAvoided(clock.GetUtcNow()),
        })]));
    }

    private static async Task<ProviderHealth> CheckAsync(IDeliveryProvider provider, CancellationToken aborted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        limit.CancelAfter(CheckLimit);
        try
        {
            return await provider.CheckAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return new ProviderHealth(false, "no answer in time");
        }
    }
}

/// <summary>Delivery as it stands.</summary>
internal sealed record DeliveryShape
{
    /// <summary>Messages that wait to be sent; counted up to 100,000.</summary>
    public required long Waiting { get; init; }
    /// <summary>The channels that a provider is configured for.</summary>
    public required string[] Channels { get; init; }
    /// <summary>Whether messages of other channels are kept in the outbox alone.</summary>
    public required bool KeepsOthers { get; init; }
    /// <summary>The ranges of numbers that nothing is sent to, because too few codes were verified there.</summary>
    public required PausedRangeShape[] PausedRanges { get; init; }
}

/// <summary>A range of numbers that nothing is sent to.</summary>
/// <param name="Range">The range, for example <c>+88213</c>.</param>
/// <param name="Until">Until when.</param>
internal sealed record PausedRangeShape(string Range, DateTimeOffset Until);

/// <summary>A delivery provider.</summary>
internal sealed record DeliveryProviderShape
{
    /// <summary>The name that it is configured under.</summary>
    public required string Name { get; init; }
    /// <summary><c>smtp</c>, <c>twilio</c>, <c>webhook</c> or <c>smpp</c>.</summary>
    public required string Type { get; init; }
    /// <summary>Its place: the lowest is tried first.</summary>
    public required int Order { get; init; }
    /// <summary>The channels that it serves.</summary>
    public required string[] Channels { get; init; }
    /// <summary>The countries that it serves; empty: all.</summary>
    public required string[] Countries { get; init; }
    /// <summary>The countries that it does not serve.</summary>
    public required string[] ExceptCountries { get; init; }
    /// <summary>Whether it would take messages now.</summary>
    public required bool Healthy { get; init; }
    /// <summary>What it said, or what is wrong.</summary>
    public required string Detail { get; init; }
    /// <summary>Whether others are tried first for a while, because it failed several times in a row.</summary>
    public required bool Avoided { get; init; }
}
