using System.Globalization;
using System.Net.Sockets;

namespace Countersign.Integrations.Http;

/// <summary>Tells from what was thrown, and from how far a call had come, what went wrong (workflow contract 8.6).</summary>
internal static class Faults
{
    public static HttpFault Of(Exception failure, CallTrace call, Uri uri, HttpRequestSettings settings, CancellationToken cancellationToken)
    {
        var place = RequestUri.Place(uri);
        var elapsed = $"after {((long)call.Elapsed.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)} ms";
        if (cancellationToken.IsCancellationRequested) return new HttpFault(HttpFaultKind.Cancelled, $"The call of {place} was cancelled {elapsed}.");
        if (call.Refusal is { } refusal && call.Phase <= CallPhase.LookingUp) return HttpFault.Blocked(refusal);
        if (call.RanOut || failure is OperationCanceledException) return new HttpFault(HttpFaultKind.Timeout, TimedOut(call.Phase, place, elapsed, settings));
        return call.Phase switch
        {
            CallPhase.Waiting or CallPhase.LookingUp => new HttpFault(HttpFaultKind.Dns, $"The name {uri.IdnHost} was not found, {elapsed}."),
            CallPhase.Connecting => new HttpFault(HttpFaultKind.Connect, $"No connection to {place}: {ConnectReason(failure)}, {elapsed}."),
            CallPhase.AgreeingOnTls => new HttpFault(HttpFaultKind.Tls, $"TLS with {place} failed: {Innermost(failure)} ({elapsed})"),
            _ when Inner<HttpRequestException>(failure) is { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } || failure is InvalidDataException or InvalidOperationException or FormatException
                => new HttpFault(HttpFaultKind.BadResponse, $"What {place} answered is not HTTP, or not packed as it says, {elapsed}."),
            _ => new HttpFault(HttpFaultKind.Reset, $"The connection to {place} ended before the answer did, {elapsed}."),
        };
    }

    private static string TimedOut(CallPhase phase, string place, string elapsed, HttpRequestSettings settings)
        => phase < CallPhase.Sending ? $"No connection to {place} in time, {elapsed}: connectionTimeOut is {settings.ConnectTimeout.TotalMilliseconds} ms."
            : phase < CallPhase.Reading ? $"No answer from {place} in time, {elapsed}: readTimeOut is {settings.ReadTimeout.TotalMilliseconds} ms."
            : $"{place} fell silent in the middle of its answer, {elapsed}: readTimeOut is {settings.ReadTimeout.TotalMilliseconds} ms.";

    private static string ConnectReason(Exception failure) => Inner<SocketException>(failure)?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "it was refused",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "the address cannot be reached",
        SocketError.TimedOut => "nobody answered",
        { } other => other.ToString(),
        null => "it failed",
    };

    private static string Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner) failure = inner;
        return failure.Message.TrimEnd('.');
    }

    private static T? Inner<T>(Exception? failure) where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
            if (failure is T found) return found;
        return null;
    }
}
