using System.Buffers;
using System.Collections.Frozen;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;
using Countersign.Requests;
using Countersign.Storage.Commits;
using Countersign.SystemLog;

namespace Countersign.Storage.Workflows;

/// <summary>Definitions in SQL. Task definitions are all remembered, for decisions look at them without waiting; a stamp tells within a second that another node changed them.</summary>
internal sealed class SqlDefinitionStore(Database database, TimeProvider clock) : IDefinitionStore
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1);
    // What the server says of a definition, whatever its author wrote there.
    private static readonly FrozenSet<string> ServersOwn = FrozenSet.Create(StringComparer.Ordinal, "createTime", "updateTime", "createdBy", "updatedBy", "ownerApp");

    private const string Version = "SELECT document FROM workflow_definition WHERE name = @name AND version = @version";
    private const string Highest = "SELECT document FROM workflow_definition WHERE name = @name ORDER BY version DESC LIMIT 1";
    private const string Page = "SELECT document FROM workflow_definition WHERE (name, version) > (@name, @version) ORDER BY name, version LIMIT @count";
    private const string LatestPage = """
        SELECT d.document FROM workflow_definition d WHERE (d.name, d.version) > (@name, @version)
          AND NOT EXISTS (SELECT 1 FROM workflow_definition h WHERE h.name = d.name AND h.version > d.version) ORDER BY d.name, d.version LIMIT @count
        """;
    private const string Created = "SELECT created, document FROM workflow_definition WHERE name = @name AND version = @version";
    private const string Put = """
        INSERT INTO workflow_definition(name, version, document, created, updated) VALUES(@name, @version, @document, @now, @now)
        ON CONFLICT(name, version) DO UPDATE SET document = @document, updated = @now
        """;
    // Of many who make the same version at once, one sees a row change.
    private const string Create = """
        INSERT INTO workflow_definition(name, version, document, created, updated) VALUES(@name, @version, @document, @now, @now)
        ON CONFLICT(name, version) DO NOTHING
        """;
    private const string Remove = "DELETE FROM workflow_definition WHERE name = @name AND version = @version";
    private const string PutUse = "INSERT INTO definition_secret(secret, name, version) VALUES(@secret, @name, @version)";
    private const string RemoveUses = "DELETE FROM definition_secret WHERE name = @name AND version = @version";
    private const string Uses = "SELECT name, version FROM definition_secret WHERE secret = @secret ORDER BY name, version LIMIT @count";
    private const long OfTaskDefinition = 0;
    private const string TaskCreated = "SELECT created, document FROM task_definition WHERE name = @name";
    private const string PutTask = """
        INSERT INTO task_definition(name, document, created, updated) VALUES(@name, @document, @now, @now)
        ON CONFLICT(name) DO UPDATE SET document = @document, updated = @now
        """;
    private const string RemoveTask = "DELETE FROM task_definition WHERE name = @name";
    private const string Stamp = "SELECT stamp FROM task_definition_stamp WHERE id = 1";
    // Also takes the row's lock, so that definitions are counted by one who adds at a time.
    private const string MoveStamp = "UPDATE task_definition_stamp SET stamp = stamp + 1 WHERE id = 1";

    private volatile TaskDefinitions? _tasks;

    public Task<WorkflowDefinition?> FindAsync(string name, int? version, CancellationToken cancellationToken) => database.ReadAsync<WorkflowDefinition?>(async connection =>
    {
        await using var command = connection.Command(version is null ? Highest : Version).Bind("@name", name);
        if (version is { } number) command.Bind("@version", number);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new WorkflowDefinition(Read(row, 0)) : null;
    }, cancellationToken);

    public Task<IReadOnlyList<WorkflowDefinition>> ListAsync((string Name, int Version)? after, int limit, bool latestOnly, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<WorkflowDefinition>>(async connection =>
    {
        var definitions = new List<WorkflowDefinition>();
        await using var command = connection.Command(latestOnly ? LatestPage : Page).Bind("@name", after?.Name ?? "").Bind("@version", after?.Version ?? 0).Bind("@count", limit);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) definitions.Add(new WorkflowDefinition(Read(rows, 0)));
        return definitions;
    }, cancellationToken);

    public Task<bool> PutAsync(WorkflowDefinition definition, bool replaces, RequestContext by, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        var before = await FindBeforeAsync(work.Command(Created).Bind("@name", definition.Name).Bind("@version", definition.Version));
        if (before is not null && !replaces) return false;
        if (await work.ExecuteAsync(replaces ? Put : Create, ("@name", definition.Name), ("@version", definition.Version), ("@document", Stamped(definition.Document, before, work.Now, by)), ("@now", work.Now.ToUnixTimeMilliseconds())) == 0) return false;
        await PutUsesAsync(work, definition.Name, definition.Version, definition.Document);
        work.Log(Event(before is null ? LogEventTypes.WorkflowDefinitionCreate : LogEventTypes.WorkflowDefinitionUpdate, definition.Name, definition.Version, by));
        return true;
    }, cancellationToken);

    public Task<bool> RemoveAsync(string name, int version, RequestContext by, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        await work.ExecuteAsync(RemoveUses, ("@name", name), ("@version", version));
        if (await work.ExecuteAsync(Remove, ("@name", name), ("@version", version)) == 0) return false;
        work.Log(Event(LogEventTypes.WorkflowDefinitionDelete, name, version, by));
        return true;
    }, cancellationToken);

    public Task<IReadOnlyDictionary<string, IReadOnlyList<SecretUse>>> FindSecretUsesAsync(IReadOnlyCollection<string> secrets, int most, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyDictionary<string, IReadOnlyList<SecretUse>>>(async connection =>
    {
        var found = new Dictionary<string, IReadOnlyList<SecretUse>>(StringComparer.Ordinal);
        foreach (var secret in secrets)
        {
            var uses = new List<SecretUse>();
            await using var command = connection.Command(Uses).Bind("@secret", secret).Bind("@count", most);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken)) uses.Add(new SecretUse(rows.GetString(0), rows.GetInt64(1) is not OfTaskDefinition and var version ? (int)version : null));
            if (uses.Count > 0) found[secret] = uses;
        }
        return found;
    }, cancellationToken);

    public ValueTask<FrozenDictionary<string, TaskDefinition>> TaskDefinitionsAsync(CancellationToken cancellationToken)
        => _tasks is { } known && clock.GetElapsedTime(known.At) < Remembered ? new(known.ByName) : new(LookAsync(cancellationToken));

    public async Task<TaskDefinitionsPut> PutTaskDefinitionsAsync(IReadOnlyList<TaskDefinition> definitions, bool mustExist, int most, RequestContext by, CancellationToken cancellationToken)
    {
        var put = await database.WriteAsync(async work =>
        {
            await work.ExecuteAsync(MoveStamp);
            await using var count = work.Command("SELECT count(*) FROM task_definition");
            var after = Convert.ToInt64(await count.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
            var prepared = new List<(TaskDefinition Definition, byte[] Document, bool IsNew)>();
            foreach (var definition in definitions)
            {
                var before = await FindBeforeAsync(work.Command(TaskCreated).Bind("@name", definition.Name));
                if (before is null && mustExist) return TaskDefinitionsPut.Missing;
                if (before is null && ++after > most) return TaskDefinitionsPut.TooMany;
                prepared.Add((definition, Stamped(definition.Document, before, work.Now, by), before is null));
            }
            foreach (var (definition, document, isNew) in prepared)
            {
                await work.ExecuteAsync(PutTask, ("@name", definition.Name), ("@document", document), ("@now", work.Now.ToUnixTimeMilliseconds()));
                await PutUsesAsync(work, definition.Name, OfTaskDefinition, definition.Document);
                work.Log(Event(isNew ? LogEventTypes.TaskDefinitionCreate : LogEventTypes.TaskDefinitionUpdate, definition.Name, null, by));
            }
            return TaskDefinitionsPut.Stored;
        }, cancellationToken);
        _tasks = null;
        return put;
    }

    public async Task<bool> RemoveTaskDefinitionAsync(string name, RequestContext by, CancellationToken cancellationToken)
    {
        var removed = await database.WriteAsync(async work =>
        {
            await work.ExecuteAsync(MoveStamp);
            await work.ExecuteAsync(RemoveUses, ("@name", name), ("@version", OfTaskDefinition));
            if (await work.ExecuteAsync(RemoveTask, ("@name", name)) == 0) return false;
            work.Log(Event(LogEventTypes.TaskDefinitionDelete, name, null, by));
            return true;
        }, cancellationToken);
        _tasks = null;
        return removed;
    }

    private async Task<FrozenDictionary<string, TaskDefinition>> LookAsync(CancellationToken cancellationToken)
    {
        var at = clock.GetTimestamp();
        var known = _tasks;
        var found = await database.ReadAsync(async connection =>
        {
            // The stamp is read first: what changes between the two reads is read again with the next look.
            await using var stamp = connection.Command(Stamp);
            var current = Convert.ToInt64(await stamp.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
            if (known is not null && known.Stamp == current) return known with { At = at };
            var byName = new Dictionary<string, TaskDefinition>(StringComparer.Ordinal);
            await using var command = connection.Command("SELECT name, document FROM task_definition");
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken)) byName[rows.GetString(0)] = new TaskDefinition(Read(rows, 1));
            return new TaskDefinitions(byName.ToFrozenDictionary(StringComparer.Ordinal), current, at);
        }, cancellationToken);
        _tasks = found;
        return found.ByName;
    }

    private static async Task PutUsesAsync(Work work, string name, long version, JsonElement document)
    {
        await work.ExecuteAsync(RemoveUses, ("@name", name), ("@version", version));
        foreach (var secret in SecretExpressions.NamesIn(document)) await work.ExecuteAsync(PutUse, ("@secret", secret), ("@name", name), ("@version", version));
    }

    private static async ValueTask<Before?> FindBeforeAsync(DbCommand command)
    {
        await using (command)
        await using (var row = await command.ExecuteReaderAsync())
            return await row.ReadAsync() ? new Before(row.GetInt64(0), Read(row, 1)) : null;
    }

    private static LogEvent Event(string eventType, string name, int? version, RequestContext by) => new()
    {
        EventType = eventType,
        Actor = by.Actor,
        Targets = [version is { } number ? new LogSubject(name, "WorkflowDefinition", "unknown", $"{name}, version {number.ToString(CultureInfo.InvariantCulture)}") : new LogSubject(name, "TaskDefinition", "unknown", name)],
        Request = by,
    };

    /// <summary>The document with what the server says of it.</summary>
    private static byte[] Stamped(JsonElement document, Before? before, DateTimeOffset now, RequestContext by)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var member in document.EnumerateObject())
                if (!ServersOwn.Contains(member.Name)) member.WriteTo(writer);
            writer.WriteNumber("createTime"u8, before?.Created ?? now.ToUnixTimeMilliseconds());
            writer.WriteNumber("updateTime"u8, now.ToUnixTimeMilliseconds());
            var createdBy = before is null ? by.Actor.AlternateId : before.Document.TryGetProperty("createdBy", out var name) ? name.GetString() : null;
            if (createdBy is not null) writer.WriteString("createdBy"u8, createdBy);
            writer.WriteString("updatedBy"u8, by.Actor.AlternateId);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static JsonElement Read(DbDataReader row, int column) => JsonDocument.Parse((byte[])row[column]).RootElement;

    private sealed record Before(long Created, JsonElement Document);

    private sealed record TaskDefinitions(FrozenDictionary<string, TaskDefinition> ByName, long Stamp, long At);
}
