using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Countersign.Integrations.Secrets;
using Countersign.Storage.Commits;
using Countersign.Storage.Sealing;
using Countersign.SystemLog;

namespace Countersign.Storage.Secrets;

/// <summary>Environments in SQL, their variables sealed. The one of executions is there even before it is stored.</summary>
internal sealed class SqlEnvironmentStore(Database database, Vault vault) : IEnvironmentStore
{
    private const string Find = "SELECT id, name, variables FROM environment WHERE id = @id";
    private const string List = "SELECT id, name, variables FROM environment ORDER BY name, id LIMIT @count";
    private const string Count = "SELECT count(*) FROM environment WHERE id <> 'default'";
    private const string Make = "INSERT INTO environment(id, name, created, updated, variables) VALUES(@id, @name, @now, @now, @variables) ON CONFLICT(id) DO NOTHING";
    private const string Put = """
        INSERT INTO environment(id, name, created, updated, variables) VALUES(@id, @name, @now, @now, @variables)
        ON CONFLICT(id) DO UPDATE SET name = excluded.name, updated = excluded.updated, variables = excluded.variables
        """;
    private const string Remove = "DELETE FROM environment WHERE id = @id AND id <> 'default'";

    private static readonly VariableSet Default = new(IEnvironmentStore.DefaultId, "Default", []);

    public Task<VariableSet?> FindAsync(string id, CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        await using var command = connection.Command(Find).Bind("@id", id);
        return await FirstAsync(command, cancellationToken) ?? (id == IEnvironmentStore.DefaultId ? Default : null);
    }, cancellationToken);

    public Task<IReadOnlyList<VariableSet>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<VariableSet>>(async connection =>
    {
        var found = new List<VariableSet>();
        await using var command = connection.Command(List).Bind("@count", IEnvironmentStore.Most + 1);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) found.Add(Read(rows));
        var first = found.Find(one => one.Id == IEnvironmentStore.DefaultId) ?? Default;
        return [first, .. found.Where(one => one.Id != IEnvironmentStore.DefaultId).Take(IEnvironmentStore.Most - 1)];
    }, cancellationToken);

    public Task<bool> PutAsync(VariableSet environment, LogEvent logged, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        var before = await LockAsync(work, environment.Id, cancellationToken);
        if (before is null)
        {
            await using var count = work.Command(Count);
            if (Convert.ToInt64(await count.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture) >= IEnvironmentStore.Most - 1) return false;
        }
        var variables = environment.Variables.Select(variable => variable is { IsSecret: true, Value: null } ? variable with { Value = before?.Find(variable.Name)?.Value } : variable);
        await StoreAsync(work, environment with { Variables = [.. variables] });
        work.Log(logged with { EventType = before is null ? LogEventTypes.EnvironmentCreate : LogEventTypes.EnvironmentUpdate });
        return true;
    }, cancellationToken);

    public Task<VariableSet?> ChangeAsync(string id, Func<VariableSet, VariableSet?> change, LogEvent logged, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        if (await LockAsync(work, id, cancellationToken) is not { } before || change(before) is not { } after) return null;
        await StoreAsync(work, after);
        work.Log(logged with { EventType = LogEventTypes.EnvironmentUpdate });
        return before;
    }, cancellationToken);

    public Task<bool> RemoveAsync(string id, LogEvent logged, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        if (await work.ExecuteAsync(Remove, ("@id", id)) == 0) return false;
        work.Log(logged with { EventType = LogEventTypes.EnvironmentDelete });
        return true;
    }, cancellationToken);

    // The one of executions is stored first where it was not, so that there is a row to lock.
    private async Task<VariableSet?> LockAsync(Work work, string id, CancellationToken cancellationToken)
    {
        if (id == IEnvironmentStore.DefaultId) await work.ExecuteAsync(Make, Values(work, Default));
        await using var command = work.Command(Find + work.ForUpdate).Bind("@id", id);
        return await FirstAsync(command, cancellationToken);
    }

    private ValueTask<int> StoreAsync(Work work, VariableSet environment) => work.ExecuteAsync(Put, Values(work, environment));

    private (string, object?)[] Values(Work work, VariableSet environment)
        => [("@id", environment.Id), ("@name", environment.Name), ("@now", work.Now.ToUnixTimeMilliseconds()), ("@variables", vault.Seal(Write(environment.Variables), SealedEnvironments.Owner(environment.Id)))];

    private async ValueTask<VariableSet?> FirstAsync(DbCommand command, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Read(row) : null;
    }

    private VariableSet Read(DbDataReader row)
    {
        using var document = JsonDocument.Parse(vault.Open((byte[])row[2], SealedEnvironments.Owner(row.GetString(0))));
        return new VariableSet(row.GetString(0), row.GetString(1), [.. document.RootElement.EnumerateArray().Select(item => new Variable(
            item.GetProperty("name").GetString()!, item.GetProperty("value").GetString(), item.GetProperty("isSecret").GetBoolean()))]);
    }

    private static byte[] Write(IEnumerable<Variable> variables)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var variable in variables)
            {
                writer.WriteStartObject();
                writer.WriteString("name", variable.Name);
                writer.WriteString("value", variable.Value);
                writer.WriteBoolean("isSecret", variable.IsSecret);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
