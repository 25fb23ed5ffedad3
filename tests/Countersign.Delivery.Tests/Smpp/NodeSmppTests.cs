using System.Text.Json.Nodes;
using Countersign.Delivery.Smpp;
using Countersign.Outbox;

namespace Countersign.Delivery.Tests.Smpp;

/// <summary>The client against an implementation of other authors.</summary>
public sealed class NodeSmppTests
{
    [Fact]
    public async Task Another_implementation_understands_messages_and_its_receipts_are_noted()
    {
        await using var server = await NodeSmppServer.StartAsync();
        var receipts = new Receipts();
        var settings = new SmppSettings { Host = "127.0.0.1", Port = server.Port, SystemId = SmppServer.SystemId, Password = SmppServer.Password, From = "+14155550100" };
        await using var provider = new SmppProvider("smpp-node", settings, receipts, TimeProvider.System, new LogLines());

        foreach (var text in (string[])["Your code is 482915 @ £ € {~}", "Ваш код 482915 😀", new string('a', 152) + "€" + new string('b', 20), new string('ж', 66) + "😀" + new string('ж', 5)])
        {
            var result = Assert.IsType<DeliveryResult.Accepted>(await provider.SendAsync(SmppExchange.Message(text), CancellationToken.None).AsTask().WaitAsync(Signals.Limit));
            var isLong = text.Length > 70 && text[0] != 'Y';
            var said = await SaidAsync(server, messages: isLong ? 2 : 1);
            Assert.Equal(result.Reference, said[0]["id"]!.GetValue<string>());
            Assert.Equal(text, string.Concat(said.OrderBy(message => message["header"]?.GetValue<string>(), StringComparer.Ordinal).Select(message => message["text"]!.GetValue<string>())));
            Assert.All(said, message =>
            {
                Assert.Equal("14155550142/1/1", $"{message["destination"]}/{message["destinationTon"]}/{message["destinationNpi"]}");
                Assert.Equal("14155550100/1/1", $"{message["source"]}/{message["sourceTon"]}/{message["sourceNpi"]}");
                Assert.Equal(1, message["registeredDelivery"]!.GetValue<int>());
                Assert.InRange(message["secondsLeft"]!.GetValue<int>(), 240, 301);
            });
            var noted = new List<(string, ReceiptStatus)>();
            while (noted.Count < said.Count) noted.Add(await Signals.NextAsync(receipts.Noted) is var (_, reference, status, _) ? (reference, status) : default);
            Assert.Contains((result.Reference!, ReceiptStatus.Delivered), noted);
        }

        Assert.True((await provider.CheckAsync(CancellationToken.None)).IsHealthy);
        await provider.DisposeAsync();
        Assert.True((await server.ReadAsync())["unbound"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Another_implementation_refuses_a_wrong_password()
    {
        await using var server = await NodeSmppServer.StartAsync();
        var settings = new SmppSettings { Host = "127.0.0.1", Port = server.Port, SystemId = SmppServer.SystemId, Password = "guess" };
        await using var provider = new SmppProvider("smpp-node", settings, new Receipts(), TimeProvider.System, new LogLines());

        Assert.Equal(new DeliveryResult.Failed("not bound: the bind failed: ESME_RBINDFAIL"), await provider.SendAsync(SmppExchange.Message(), CancellationToken.None).AsTask().WaitAsync(Signals.Limit));
    }

    /// <summary>What the server understood of so many messages, once it has also been told that their receipts were taken.</summary>
    private static async Task<List<JsonNode>> SaidAsync(NodeSmppServer server, int messages)
    {
        var said = new List<JsonNode>();
        for (var left = messages * 2; left > 0; left--)
        {
            var line = await server.ReadAsync();
            if (line["receipt"] is null) said.Add(line);
            else Assert.Equal(0, line["status"]!.GetValue<int>());
        }
        return said;
    }
}
