using System.Text;
using System.Text.Json.Nodes;
using Countersign.Factors;
using Countersign.Factors.Push;
using Countersign.Server.Errors;
using Countersign.Server.Json;
using Countersign.Server.Waiting;
using Countersign.Signals;
using Countersign.Users;

namespace Countersign.Server.Authenticator;

/// <summary>Tells the devices of one app what waits for them, as it happens.</summary>
internal static class DeviceEvents
{
    private const string StreamPath = DeviceEndpoints.Path + "/events";
    private const int MostDevices = 20;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10), LongestSilence = TimeSpan.FromSeconds(15);

    /// <summary>Answers with events until the app goes, the server stops, or ten minutes are over.</summary>
    internal static async Task StreamAsync(HttpContext http, PushDevices devices, DeviceDocuments documents, ISignals signals, PollingSettings settings, IHostApplicationLifetime lifetime, TimeProvider clock)
    {
        var body = await DeviceEndpoints.ReadAsync(http, ApiJson.Default.DeviceEventsRequest);
        if (body?.Devices is not { Length: > 0 and <= MostDevices } statements || statements.Select(statement => DeviceProof.Read(statement)).ToList() is var proofs && proofs.Contains(null))
        {
            await ApiErrors.Validation("devices", $"devices: must be 1 to {MostDevices} statements").ToResult().ExecuteAsync(http);
            return;
        }
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        // Watched before looked at: what happens between the two is not missed.
        using var watch = signals.Watch([.. proofs.Select(proof => proof!.Value.User).Distinct()]);
        var stream = EventStream.Begin(http);
        var told = new Dictionary<(UserId, FactorId), (string State, DateTimeOffset Until)>();
        var (start, spoke) = (clock.GetTimestamp(), clock.GetTimestamp());
        try
        {
            foreach (var proof in proofs.Select(proof => proof!.Value))
            {
                var (device, refusal) = await devices.AuthorizeAsync(proof, HttpMethods.Post, StreamPath, default, ended.Token);
                if (device is not null) await TellAsync(device);
                else await GoneAsync(proof.Factor, refusal);
            }
            while (told.Count > 0 && clock.GetElapsedTime(start) < Longest)
            {
                await watch.WaitAsync(LookAgain(), ended.Token);
                foreach (var (user, factor) in told.Keys.ToList())
                {
                    if (await devices.ViewAsync(user, factor, ended.Token) is { } device)
                    {
                        await TellAsync(device);
                        continue;
                    }
                    told.Remove((user, factor));
                    await GoneAsync(factor, default);
                }
                if (clock.GetElapsedTime(spoke) < LongestSilence) continue;
                await stream.WriteCommentAsync();
                spoke = clock.GetTimestamp();
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The app went, or the server stops.
        }

        async ValueTask TellAsync(DeviceView device)
        {
            var (key, state) = ((device.User.Id, device.Factor.Id), documents.Requests(device).ToJsonString());
            var isNews = !told.TryGetValue(key, out var before) || before.State != state;
            told[key] = (state, device.Requests.Select(request => request.Expires).DefaultIfEmpty(DateTimeOffset.MaxValue).Min());
            if (isNews) await WriteAsync("requests", state);
        }

        ValueTask GoneAsync(FactorId factor, Refusal refusal)
        {
            var gone = new JsonObject { ["factor"] = factor.Value };
            if (refusal == Refusal.SignatureInvalid) gone["errorCode"] = ApiErrors.InvalidToken.Code;
            return WriteAsync("gone", gone.ToJsonString());
        }

        async ValueTask WriteAsync(string name, string data)
        {
            await stream.WriteAsync(name, Encoding.UTF8.GetBytes(data));
            spoke = clock.GetTimestamp();
        }

        // What expires leaves the list by itself.
        TimeSpan LookAgain()
        {
            var left = told.Values.Min(one => one.Until) - clock.GetUtcNow();
            return left < settings.LookInterval ? (left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1)) : settings.LookInterval;
        }
    }
}
