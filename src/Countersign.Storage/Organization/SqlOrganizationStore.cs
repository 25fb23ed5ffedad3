using System.Data.Common;
using Countersign.Organization;
using Countersign.Storage.Commits;

namespace Countersign.Storage.Organization;

/// <summary>The organisation's settings in SQL, remembered for a second so that decisions do not read them with every request.</summary>
internal sealed class SqlOrganizationStore(Database database, TimeProvider clock, string name) : IOrganizationStore
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1);
    private const string Load = "SELECT key, document FROM organization";
    private const string TakeTurn = "SELECT key FROM organization WHERE key = @key";
    private const string Save = "INSERT INTO organization(key, document) VALUES(@key, @document) ON CONFLICT(key) DO UPDATE SET document = excluded.document";
    private const string Remove = "DELETE FROM organization WHERE key = @key";

    private volatile Tuple<OrganizationSettings, long>? _remembered;

    public ValueTask<OrganizationSettings> GetAsync(CancellationToken cancellationToken)
        => _remembered is { } known && clock.GetElapsedTime(known.Item2) < Remembered ? new(known.Item1) : new(LoadAsync(cancellationToken));

    public async Task<T> ChangeAsync<T>(Func<OrganizationSettings, DateTimeOffset, OrganizationChange<T>> decide, CancellationToken cancellationToken)
    {
        var answer = await database.WriteAsync(async work =>
        {
            // Whoever changes anything locks this row first, so that changes come one after the other.
            await work.ExecuteAsync(TakeTurn + work.ForUpdate, ("@key", OrganizationDocuments.TurnKey));
            OrganizationSettings before;
            await using (var command = work.Command(Load)) before = await ReadAsync(command);
            var change = decide(before, work.Now);
            if (change.Settings is { } after)
            {
                foreach (var (key, document) in OrganizationDocuments.Changes(before, after))
                {
                    if (document is null) await work.ExecuteAsync(Remove, ("@key", key));
                    else await work.ExecuteAsync(Save, ("@key", key), ("@document", document));
                }
            }
            foreach (var logged in change.Events ?? []) work.Log(logged);
            return change.Answer;
        }, cancellationToken);
        _remembered = null;
        return answer;
    }

    private async Task<OrganizationSettings> LoadAsync(CancellationToken cancellationToken)
    {
        var read = clock.GetTimestamp();
        var settings = await database.ReadAsync(async connection =>
        {
            await using var command = connection.Command(Load);
            return await ReadAsync(command);
        }, cancellationToken);
        _remembered = Tuple.Create(settings, read);
        return settings;
    }

    private async ValueTask<OrganizationSettings> ReadAsync(DbCommand command)
    {
        var documents = new List<(string Key, byte[] Document)>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync()) documents.Add((rows.GetString(0), (byte[])rows[1]));
        return OrganizationDocuments.Read(name, documents);
    }
}
