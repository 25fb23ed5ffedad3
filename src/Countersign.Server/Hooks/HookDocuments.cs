using System.Text.Json.Nodes;
using Countersign.Hooks;
using Countersign.Links;

namespace Countersign.Server.Hooks;

/// <summary>Renders hooks, never with the value of the header that authenticates (contract 15.1, 15.3).</summary>
internal static class HookDocuments
{
    public static JsonObject Document(InlineHook hook, string baseUrl)
    {
        var self = $"{baseUrl}/api/v1/inlineHooks/{hook.Id}";
        var links = new JsonObject { ["self"] = Hal.Link(self, "GET") };
        if (hook.IsActive)
        {
            links["execute"] = Hal.Link($"{self}/execute", "POST");
            links["deactivate"] = Hal.Link($"{self}/lifecycle/deactivate", "POST");
        }
        else
        {
            links["activate"] = Hal.Link($"{self}/lifecycle/activate", "POST");
            links["delete"] = Hal.Link(self, "DELETE");
        }
        var config = Config(hook);
        config["authScheme"] = AuthScheme(hook);
        return new JsonObject
        {
            ["id"] = hook.Id,
            ["status"] = Status(hook),
            ["name"] = hook.Name,
            ["type"] = hook.Type,
            ["version"] = hook.Version,
            ["channel"] = Channel(config),
            ["created"] = hook.Created.ToTimestamp(),
            ["lastUpdated"] = hook.LastUpdated.ToTimestamp(),
            ["_links"] = links,
        };
    }

    public static JsonObject Document(EventHook hook, string baseUrl)
    {
        var self = $"{baseUrl}/api/v1/eventHooks/{hook.Id}";
        var links = new JsonObject { ["self"] = Hal.Link(self, "GET"), ["verify"] = Hal.Link($"{self}/lifecycle/verify", "POST") };
        if (hook.IsActive) links["deactivate"] = Hal.Link($"{self}/lifecycle/deactivate", "POST");
        else
        {
            links["activate"] = Hal.Link($"{self}/lifecycle/activate", "POST");
            links["delete"] = Hal.Link(self, "DELETE");
        }
        var config = Config(hook);
        if (AuthScheme(hook) is { } scheme) config["authScheme"] = scheme;
        return new JsonObject
        {
            ["id"] = hook.Id,
            ["status"] = Status(hook),
            ["verificationStatus"] = hook.IsVerified ? "VERIFIED" : "UNVERIFIED",
            ["name"] = hook.Name,
            ["description"] = hook.Description,
            ["created"] = hook.Created.ToTimestamp(),
            ["createdBy"] = hook.CreatedBy,
            ["lastUpdated"] = hook.LastUpdated.ToTimestamp(),
            ["events"] = new JsonObject { ["type"] = "EVENT_TYPE", ["items"] = new JsonArray([.. hook.Events]), ["filter"] = null },
            ["channel"] = Channel(config),
            ["_links"] = links,
        };
    }

    private static string Status(Hook hook) => hook.IsActive ? "ACTIVE" : "INACTIVE";

    private static JsonObject Channel(JsonObject config) => new() { ["type"] = "HTTP", ["version"] = HookRules.Version, ["config"] = config };

    private static JsonObject Config(Hook hook) => new()
    {
        ["uri"] = hook.Uri,
        ["method"] = hook.Method,
        ["headers"] = new JsonArray([.. hook.Headers.Select(header => new JsonObject { ["key"] = header.Key, ["value"] = header.Value })]),
    };

    private static JsonObject? AuthScheme(Hook hook) => hook.AuthHeader is { } key ? new JsonObject { ["type"] = "HEADER", ["key"] = key } : null;
}
