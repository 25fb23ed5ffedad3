using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Storage.Claims;
using Countersign.Storage.Commits;
using Countersign.SystemLog;
using Countersign.Users;
using Countersign.Users.Search;

namespace Countersign.Storage.Users;

/// <summary>Users' profiles and credentials in SQL. All that is changed about a user is changed under the lock of the state's row.</summary>
internal sealed class SqlUserStore(Database database) : IUserStore
{
    private const string UniqueViolation = "23505";

    private const string Add = "INSERT INTO users(id, login_key, document) VALUES(@id, @login, @document) ON CONFLICT DO NOTHING";
    private const string Find = "SELECT u.document, s.version, s.status, s.state FROM users u JOIN user_state s ON s.user_id = u.id WHERE u.id = @id";
    private const string ReadDocument = "SELECT document FROM users WHERE id = @id";
    private const string Save = """
        UPDATE users SET login_key = @login, document = @document
        WHERE id = @id AND NOT EXISTS (SELECT 1 FROM users other WHERE other.login_key = @login AND other.id <> @id)
        """;
    private static readonly string[] Remove =
    [
        "DELETE FROM api_token WHERE user_id = @id",
        "DELETE FROM outbox WHERE user_id = @id AND due IS NOT NULL",   // what was sent goes when its time is over
        "DELETE FROM user_attribute WHERE user_id = @id",
        "DELETE FROM user_state WHERE user_id = @id",
        "DELETE FROM users WHERE id = @id",
    ];

    public Task<bool> AddAsync(User user, UserState state, IReadOnlyList<LogEvent> events, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        if (await work.ExecuteAsync(Add, ("@id", user.Id.Value), ("@login", LoginKey(user)), ("@document", Write(user))) == 0) return false;
        await work.AddStateAsync(state);
        await UserIndex.AddAsync(work, user.Id, UserAttributes.AllIndexed(user));
        foreach (var logged in events) work.Log(logged);
        return true;
    }, cancellationToken);

    public Task<(User User, UserState State)?> FindAsync(UserId id, CancellationToken cancellationToken)
        => database.ReadAsync<(User, UserState)?>(async connection =>
        {
            await using var command = connection.Command(Find).Bind("@id", id.Value);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            return await row.ReadAsync(cancellationToken) ? Read(row, id, 0) : null;
        }, cancellationToken);

    public async Task<UserOutcome> ChangeAsync(UserId id, Func<User, UserState, DateTimeOffset, UserTransition> decide, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync(work => ChangeAsync(work, id, decide), cancellationToken);
        }
        catch (DbException exception) when (exception.SqlState == UniqueViolation)
        {
            // Two users were given the same login at once; the other was first.
            return new UserOutcome.Refused(UserRefusal.LoginTaken);
        }
    }

    public Task<IReadOnlyList<ScannedUser>> ScanAsync(UserScan scan, UserPlace? after, int count, CancellationToken cancellationToken)
        => database.ReadAsync<IReadOnlyList<ScannedUser>>(async connection =>
        {
            var users = new List<ScannedUser>();
            await using var command = UserIndex.Scan(connection, scan, after).Bind("@count", count);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                var place = new UserPlace(rows.GetString(0), rows.GetString(1));
                var (user, state) = Read(rows, new UserId(place.Id), 2);
                users.Add(new ScannedUser(user, state, place));
            }
            return users;
        }, cancellationToken);

    private static async ValueTask<UserOutcome> ChangeAsync(Work work, UserId id, Func<User, UserState, DateTimeOffset, UserTransition> decide)
    {
        if (await work.LoadStateAsync(id) is not { } state || await ReadAsync(work, id) is not { } user) return new UserOutcome.Refused(UserRefusal.NotFound);
        var transition = decide(user, state, work.Now);
        if (transition.Removes)
        {
            foreach (var statement in Remove) await work.ExecuteAsync(statement, ("@id", id.Value));
        }
        if (transition.User is { } changed)
        {
            if (await work.ExecuteAsync(Save, ("@id", id.Value), ("@login", LoginKey(changed)), ("@document", Write(changed))) == 0)
                return new UserOutcome.Refused(UserRefusal.LoginTaken);
            await UserIndex.ReplaceAsync(work, id, UserAttributes.AllIndexed(user), UserAttributes.AllIndexed(changed));
        }
        if (transition.State is { } after)
        {
            await work.SaveStateAsync(after);
            await ClaimRows.ReleaseAsync(work, id, ClaimRows.Gone(state, after));
        }
        foreach (var logged in transition.Events ?? []) work.Log(logged);
        return transition.Outcome;
    }

    private static async ValueTask<User?> ReadAsync(Work work, UserId id)
    {
        await using var command = work.Command(ReadDocument).Bind("@id", id.Value);
        return await command.ExecuteScalarAsync() is byte[] document ? Read(document) : null;
    }

    private static string LoginKey(User user) => user.Login.ToLowerInvariant();

    private static byte[] Write(User user) => JsonSerializer.SerializeToUtf8Bytes(user, UserJson.Default.User);

    private static User Read(byte[] document) => JsonSerializer.Deserialize(document, UserJson.Default.User)!;

    private static (User, UserState) Read(DbDataReader row, UserId id, int column) => (
        Read((byte[])row[column]),
        UserStateCodec.Read(id, row.GetInt64(column + 1), UserStatuses.Parse(row.GetString(column + 2)), (byte[])row[column + 3]));
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(User))]
internal sealed partial class UserJson : JsonSerializerContext;
