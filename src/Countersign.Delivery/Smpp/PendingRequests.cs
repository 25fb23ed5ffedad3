using System.Diagnostics.CodeAnalysis;

namespace Countersign.Delivery.Smpp;

/// <summary>
/// The requests of a session that wait for their responses, at most a window of them besides those of the session itself. A request that is not answered in time leaves
/// the window; its number stays known, since a late response is no error, but a server that leaves a whole window unanswered is not there.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing, and callers may come after the session's end.")]
internal sealed class PendingRequests(int window, TimeSpan timeout, TimeProvider clock, Action<string> lose)
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _window = new(window);
    private readonly Dictionary<uint, Request> _requests = [];
    private uint _last;
    private int _late;
    private string? _ended;

    /// <summary>Waits for a place in the window.</summary>
    public Task EnterAsync(CancellationToken cancellationToken) => _window.WaitAsync(cancellationToken);

    /// <summary>Gives a place back that no request was made in.</summary>
    public void Leave() => _window.Release();

    /// <summary>Makes a request: <paramref name="send"/> gets its number, in the order of the numbers.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="isInWindow">Whether the caller has a place in the window, which the request keeps until it is answered or too late.</param>
    /// <param name="send">Sends the request.</param>
    public Task<SmppAnswer> Add(CommandId command, bool isInWindow, Action<uint> send)
    {
        lock (_gate)
        {
            if (_ended is not null)
            {
                if (isInWindow) _window.Release();
                return Task.FromResult(SmppAnswer.None(_ended));
            }
            do _last = _last >= PduHeader.LastSequence ? 1 : _last + 1;
            while (_requests.ContainsKey(_last));
            var request = new Request(command, isInWindow);
            _requests.Add(_last, request);
            request.Timer = clock.CreateTimer(Expire, _last, timeout, Timeout.InfiniteTimeSpan);
            send(_last);
            return request.Answer.Task;
        }
    }

    /// <summary>Takes a response. Throws <see cref="SmppException"/> when nothing was asked that it could answer.</summary>
    public void Answer(in PduHeader header, string? messageId)
    {
        lock (_gate)
        {
            if (!_requests.TryGetValue(header.Sequence, out var request) || header.Command != request.Command.Response && header.Command != CommandId.GenericNack)
                throw new SmppException("the server answered what it was not asked");
            _requests.Remove(header.Sequence);
            if (request.IsLate) _late--;
            // A generic_nack never means success (§4.3.1), whatever its status.
            else Finish(request, new SmppAnswer(header is { Command: CommandId.GenericNack, Status: CommandStatus.Ok } ? CommandStatus.UnknownError : header.Status, messageId, null));
        }
    }

    /// <summary>Ends all requests, and all that are made from now on.</summary>
    public void End(string reason)
    {
        lock (_gate)
        {
            _ended ??= reason;
            foreach (var request in _requests.Values)
                if (!request.IsLate) Finish(request, SmppAnswer.None(reason));
            _requests.Clear();
        }
    }

    private void Expire(object? sequence)
    {
        lock (_gate)
        {
            if (!_requests.TryGetValue((uint)sequence!, out var request) || request.IsLate) return;
            request.IsLate = true;
            Finish(request, SmppAnswer.None("no response in time"));
            if (++_late <= window) return;
        }
        lose("the server leaves requests unanswered");
    }

    private void Finish(Request request, SmppAnswer answer)
    {
        request.Timer?.Dispose();
        if (request.IsInWindow) _window.Release();
        request.Answer.TrySetResult(answer);
    }

    private sealed class Request(CommandId command, bool isInWindow)
    {
        public CommandId Command => command;
        public bool IsInWindow => isInWindow;
        public bool IsLate { get; set; }
        public ITimer? Timer { get; set; }
        // Continuations run elsewhere: this is completed under a lock.
        public TaskCompletionSource<SmppAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
