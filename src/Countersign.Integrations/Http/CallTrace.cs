using System.Net;
using Countersign.Outbound;

namespace Countersign.Integrations.Http;

/// <summary>How far a call has come.</summary>
internal enum CallPhase
{
    Waiting,
    LookingUp,
    Connecting,
    AgreeingOnTls,
    Sending,
    Answering,
    Reading,
}

/// <summary>
/// Watches one call: how far it has come, where its time went, and how long it may still take. The connection finds it at the request that asked for it; bytes that are written on a connection that is used again
/// find it by the flow of the call.
/// </summary>
internal sealed class CallTrace : IDisposable
{
    /// <summary>Where a request carries it.</summary>
    public static readonly HttpRequestOptionsKey<CallTrace> Key = new("Countersign.CallTrace");

    private static readonly AsyncLocal<CallTrace?> Flow = new();

    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _patience;
    private readonly CancellationTokenSource _either;
    private readonly TimeSpan _silence;
    private readonly Lock _lock = new();
    private long _phaseBegan, _sent;
    private CallPhase _phase;

    public CallTrace(TimeProvider clock, TimeSpan connect, TimeSpan silence, CancellationToken cancellationToken)
    {
        (_clock, _silence) = (clock, silence);
        _patience = new CancellationTokenSource(connect, clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_patience.Token, cancellationToken);
        Began = _phaseBegan = clock.GetTimestamp();
        Flow.Value = this;
    }

    /// <summary>The call that the present flow belongs to.</summary>
    public static CallTrace? Current => Flow.Value;

    public long Began { get; }
    public CallPhase Phase => _phase;
    public OutboundRefusal? Refusal { get; set; }
    public IPAddress? Remote { get; set; }
    public WatchedStream? Connection { get; set; }
    public TimeSpan Dns { get; private set; }
    public TimeSpan Connect { get; private set; }
    public TimeSpan Tls { get; private set; }
    public TimeSpan Send { get; private set; }
    public TimeSpan FirstByte { get; private set; }

    /// <summary>Cancelled when the call is to end: nobody wants it any more, or the other side was silent for too long.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Whether the other side was silent for too long.</summary>
    public bool RanOut => _patience.IsCancellationRequested;

    public TimeSpan Elapsed => _clock.GetElapsedTime(Began);

    /// <summary>Goes on to a phase; never back, for the attempt to connect may be overtaken by a connection that became free.</summary>
    public void Enter(CallPhase phase)
    {
        lock (_lock)
        {
            if (phase <= _phase) return;
            var now = _clock.GetTimestamp();
            var took = _clock.GetElapsedTime(_phaseBegan, now);
            switch (_phase)
            {
                case CallPhase.LookingUp: Dns = took; break;
                case CallPhase.Connecting: Connect = took; break;
                case CallPhase.AgreeingOnTls: Tls = took; break;
                case CallPhase.Sending:
                    Send = _sent == 0 ? took : _clock.GetElapsedTime(_phaseBegan, _sent);
                    FirstByte = took - Send;
                    break;
            }
            (_phase, _phaseBegan) = (phase, now);
        }
    }

    /// <summary>Bytes of the request go out.</summary>
    public void Writing()
    {
        Enter(CallPhase.Sending);
        Heard();
    }

    /// <summary>They are out.</summary>
    public void Written()
    {
        _sent = _clock.GetTimestamp();
        Heard();
    }

    /// <summary>The other side did something: from now on it may be silent again.</summary>
    public void Heard()
    {
        if (!_patience.IsCancellationRequested) _patience.CancelAfter(_silence);
    }

    public void Dispose()
    {
        if (Flow.Value == this) Flow.Value = null;
        _either.Dispose();
        _patience.Dispose();
    }
}
