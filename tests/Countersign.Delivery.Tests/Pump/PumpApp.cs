using System.Text.Json.Nodes;
using Countersign.Delivery.Providers;
using Countersign.Outbox;
using Countersign.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Delivery.Tests.Pump;

/// <summary>The real host with providers of a test's own, and what tests of the pump do over and over.</summary>
internal static class PumpApp
{
    public const string Number = "+14155550142", Address = "ines@example.com";

    private static readonly KeyValuePair<string, string>[] Quick =
        [new("Countersign:Delivery:PollInterval", "00:00:00.05"), new("Countersign:Delivery:OutboxOnly", "false"), new("Countersign:SendLimits:SmsSpacing", "00:00:00")];

    /// <summary>An app on a store that sends through these routes.</summary>
    public static CountersignApp On(TestStore store, FakeTimeProvider? clock, IReadOnlyList<ProviderRoute> routes, params IReadOnlyList<KeyValuePair<string, string>> settings)
        => new(store, [.. Quick, .. settings])
        {
            Replaces = services => services.AddSingleton(new ProviderRoutes(routes)),
            Clock = clock ?? new FakeTimeProvider(new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero)),
        };

    /// <summary>A provider's route for SMS and mail.</summary>
    public static ProviderRoute Route(IDeliveryProvider provider, int order = 100, Action<ProviderSettings>? change = null)
    {
        var settings = new ProviderSettings { Type = "webhook", Order = order };
        change?.Invoke(settings);
        return new ProviderRoute(provider, settings, Channel.Sms, Channel.Email);
    }

    extension(CountersignApp app)
    {
        /// <summary>A user with an active SMS factor; the factor's path.</summary>
        public async Task<string> SmsAsync(string number = Number, string login = Address)
        {
            var user = await app.AddUserAsync(login);
            var enrolled = await app.PostAsync($"/api/v1/users/{user}/factors?activate=true",
                new JsonObject { ["factorType"] = "sms", ["profile"] = new JsonObject { ["phoneNumber"] = number } });
            return $"/api/v1/users/{user}/factors/{enrolled.Id}";
        }

        /// <summary>The newest message to a recipient, once it has one of these statuses.</summary>
        public async Task<JsonNode> EndedAsync(string recipient = Number, params string[] statuses)
        {
            var end = TimeProvider.System.GetTimestamp();
            while (true)
            {
                var message = await app.OutboxAsync(recipient) is [var newest, ..] ? newest : null;
                if (message is not null && (statuses.Length == 0 ? (string?)message["status"] != "WAITING" : statuses.Contains((string?)message["status"]))) return message;
                if (TimeProvider.System.GetElapsedTime(end) > TimeSpan.FromSeconds(20)) throw new TimeoutException($"the message to {recipient} is {message}");
                await Task.Delay(20);
            }
        }

        /// <summary>A message that was tried, for this reason in vain, and waits for its next try. While a try goes on, a message still tells the reason of the one before.</summary>
        public async Task<JsonNode> PostponedAsync(string recipient = Number, string? reason = null)
        {
            var end = TimeProvider.System.GetTimestamp();
            while (true)
            {
                var message = (await app.OutboxAsync(recipient))[0];
                if ((string?)message["status"] == "WAITING" && (string?)message["reason"] is { } told && (reason is null || told == reason)) return message;
                if (TimeProvider.System.GetElapsedTime(end) > TimeSpan.FromSeconds(20)) throw new TimeoutException($"the message to {recipient} is {message}");
                await Task.Delay(20);
            }
        }

        /// <summary>The log's events of a type.</summary>
        public async Task<IReadOnlyList<JsonNode>> EventsAsync(string eventType)
            => [.. (await app.GetAsync("/api/v1/logs?limit=1000")).Json.AsArray().Where(logged => (string?)logged!["eventType"] == eventType).Select(logged => logged!)];
    }
}
