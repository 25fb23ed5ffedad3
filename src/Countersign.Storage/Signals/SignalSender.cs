using Countersign.Identifiers;
using Countersign.Storage.Commits;
using Countersign.Users;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Countersign.Storage.Signals;

/// <summary>
/// Tells other nodes. What is raised while one statement is on its way is gathered for the next. A notification is a transaction of its own, after the one that it tells of, and is not waited
/// for to be on disk: what is lost of it, a look every few seconds finds.
/// </summary>
internal sealed class SignalSender(Database database, string node, ILogger logger) : IAsyncDisposable
{
    private const string Notify = """
        SELECT set_config('synchronous_commit', 'off', true), (SELECT count(pg_notify('countersign', payload)) FROM unnest(@payloads::text[]) AS payload)
        """;

    // Of more, all that watch anything are told.
    private const int MostGathered = 10_000;
    private const int Tries = 2;

    private readonly Lock _gate = new();
    private HashSet<UserId> _gathered = [];
    private Task _sending = Task.CompletedTask;
    private bool _isSending, _isOff, _hasFailed;

    /// <summary>Tells of this user, soon.</summary>
    public void Send(UserId user)
    {
        // Others pass over a payload that names what is no user.
        if (!Identifier.HasForm(user.Value, UserId.Prefix)) return;
        lock (_gate)
        {
            if (_isOff) return;
            if (_gathered.Count <= MostGathered) _gathered.Add(user);
            if (_isSending) return;
            _isSending = true;
            _sending = Task.Run(SendGatheredAsync);
        }
    }

    /// <summary>Sends these payloads now.</summary>
    public Task SendAsync(string[] payloads, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        await using var command = connection.Command(Notify).Bind("@payloads", payloads);
        return await command.ExecuteScalarAsync(cancellationToken);
    }, cancellationToken);

    /// <summary>Sends what was raised, and then no more.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate) _isOff = true;
        await _sending;
    }

    private async Task SendGatheredAsync()
    {
        while (true)
        {
            HashSet<UserId> users;
            lock (_gate)
            {
                if (_gathered.Count == 0)
                {
                    _isSending = false;
                    return;
                }
                (users, _gathered) = (_gathered, []);
            }
            await TrySendAsync(users.Count > MostGathered ? [SignalPayload.Write(node, SignalPayload.Everything)] : [.. SignalPayload.Write(node, users)]);
        }
    }

    private async Task TrySendAsync(string[] payloads)
    {
        for (var left = Tries; left > 0; left--)
        {
            try
            {
                await SendAsync(payloads, CancellationToken.None);
                _hasFailed = false;
                return;
            }
            catch (Exception exception)
            {
                // A connection of the pool may have ended unseen: the next one is new.
                var isUnknown = exception is PostgresException { SqlState: PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.FeatureNotSupported };
                if (left > 1 && !isUnknown) continue;
                if (!_hasFailed) logger.LogWarning(EventIds.SignalsNotSent, exception, "Other nodes could not be told of changes; what waits there looks every few seconds");
                _hasFailed = true;
                if (!isUnknown) return;
                lock (_gate) _isOff = true;
                return;
            }
        }
    }
}
