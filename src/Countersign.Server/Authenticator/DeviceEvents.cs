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
    private const int LongestBody = 16 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10), LongestSilence = TimeSpan.FromSeconds(15);

    /// <summary>Answers with events until the app goes, the server stops, or ten minutes are over.</summary>
    internal static async Task StreamAsync(HttpContext http, PushDevices devices, DeviceDocuments documents, ISignals signals, PollingSettings settings, IHostApplicationLifetime lifetime, TimeProvider clock)
    {
        var body = await http.ReadBytesAsync(LongestBody) is { } bytes ? ApiBody.Parse(bytes, ApiJson.Default.DeviceEventsRequest) : null;
        if (body?.Devices is not { Length: > 0 and <= MostDevices } statements || statements.Select(statement => DeviceProof.Read(statement)).ToList() is var proofs && proofs.Contains(null))
        {
            await ApiErrors.Validation("devices", $"devices: must be 1 to {MostDevices} statements").ToResult().ExecuteAsync(http);
            return;
        }
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        // Watched before looked at: what happens between the two is not missed.
        using var watch = signals.Watch([.. proofs.Select(proof => proof!.Value.User).Distinct()]);
        var stream = EventStream.Begin(http);
        var told = new Dictionary<(UserId, FactorId), string>();
        foreach (var proof in proofs.Select(proof => proof!.Value))
        {
            var (device, refusal) = await devices.AuthorizeAsync(proof, HttpMethods.Post, StreamPath, default, ended.Token);
            if (device is not null) told[(proof.User, proof.Factor)] = "";
            else await GoneAsync(proof.Factor, refusal);
        }
        try
        {
            var (start, spoke) = (clock.GetTimestamp(), clock.GetTimestamp());
            while (told.Count > 0 && clock.GetElapsedTime(start) < Longest)
            {
                var earliest = DateTimeOffset.MaxValue;
                foreach (var (user, factor) in told.Keys.ToList())
                {
                    if (await devices.ViewAsync(user, factor, ended.Token) is not { } device)
                    {
                        told.Remove((user, factor));
                        await GoneAsync(factor, default);
                        spoke = clock.GetTimestamp();
                        continue;
                    }
                    foreach (var request in device.Requests) earliest = Earlier(earliest, request.Expires);
                    var state = documents.Requests(device).ToJsonString();
                    if (told[(user, factor)] == state) continue;
                    told[(user, factor)] = state;
                    await stream.WriteAsync("requests", Encoding.UTF8.GetBytes(state));
                    spoke = clock.GetTimestamp();
                }
                if (clock.GetElapsedTime(spoke) >= LongestSilence)
                {
                    await stream.WriteCommentAsync();
                    spoke = clock.GetTimestamp();
                }
                await watch.WaitAsync(Until(earliest), ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The app went, or the server stops.
        }

        ValueTask GoneAsync(FactorId factor, Refusal refusal)
        {
            var gone = new JsonObject { ["factor"] = factor.Value };
            if (refusal == Refusal.SignatureInvalid) gone["errorCode"] = ApiErrors.InvalidToken.Code;
            return stream.WriteAsync("gone", Encoding.UTF8.GetBytes(gone.ToJsonString()));
        }

        // What expires leaves the list by itself.
        TimeSpan Until(DateTimeOffset earliest)
        {
            var left = earliest - clock.GetUtcNow();
            return left < settings.LookInterval ? (left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1)) : settings.LookInterval;
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
