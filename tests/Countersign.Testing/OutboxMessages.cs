using System.Text.Json.Nodes;

namespace Countersign.Testing;

/// <summary>What the outbox keeps for tests.</summary>
public static class OutboxMessages
{
    extension(CountersignApp app)
    {
        /// <summary>The messages to a number or address, newest first.</summary>
        public async Task<IReadOnlyList<JsonNode>> OutboxAsync(string recipient)
            => [.. (await app.GetAsync($"/countersign/v1/outbox?recipient={Uri.EscapeDataString(recipient)}")).Json.AsArray().Select(message => message!)];

        /// <summary>The newest code that went to a number or address.</summary>
        public async Task<string> CodeOfAsync(string recipient) => (string)(await app.OutboxAsync(recipient))[0]["code"]!;
    }
}
