using Countersign.Identifiers;
using Countersign.Signals;
using Countersign.Storage.Commits;
using Countersign.Users;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Countersign.Storage.Signals;

/// <summary>
/// Signals over all nodes on one PostgreSQL, by its notifications: within this process at once, to others after that. It listens from the first watch on.
/// </summary>
internal sealed class PostgresSignals : ISignals, IAsyncDisposable
{
    /// <summary>What PostgreSQL calls the connection that listens.</summary>
    public const string ApplicationName = "countersign signals";
    private const int KeepAliveSeconds = 30;

    private readonly SignalHub _hub;
    private readonly SignalSender _sender;
    private readonly SignalListener _listener;

    public PostgresSignals(string connectionString, Database database, SignalHub hub, TimeProvider clock, ILogger logger)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = ApplicationName, Pooling = false, KeepAlive = KeepAliveSeconds };
        var node = Identifier.NewSecret(12);
        _hub = hub;
        _sender = new SignalSender(database, node, logger);
        _listener = new SignalListener(new NpgsqlSlimDataSourceBuilder(settings.ConnectionString).EnableTransportSecurity().Build(), hub, _sender, node, clock, logger);
    }

    public void Raise(UserId user)
    {
        _hub.Raise(user);
        _sender.Send(user);
    }

    public ISignalWatch Watch(params ReadOnlySpan<UserId> users)
    {
        _listener.Start();
        return _hub.Watch(users);
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _sender.DisposeAsync();
    }
}
