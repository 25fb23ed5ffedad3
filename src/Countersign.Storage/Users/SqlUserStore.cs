using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Storage.Commits;
using Countersign.SystemLog;
using Countersign.Users;

namespace Countersign.Storage.Users;

/// <summary>Users' profiles and credentials in SQL.</summary>
internal sealed class SqlUserStore(Database database) : IUserStore
{
    private const string Add = "INSERT INTO users(id, login_key, document) VALUES(@id, @login, @document) ON CONFLICT DO NOTHING";
    private const string Find = "SELECT u.document, s.version, s.status, s.state FROM users u JOIN user_state s ON s.user_id = u.id WHERE u.id = @id";

    public Task<bool> AddAsync(User user, UserState state, IReadOnlyList<LogEvent> events, CancellationToken cancellationToken) => database.WriteAsync(async work =>
    {
        if (await work.ExecuteAsync(Add, ("@id", user.Id.Value), ("@login", state.Login.ToLowerInvariant()),
            ("@document", JsonSerializer.SerializeToUtf8Bytes(user, UserJson.Default.User))) == 0) return false;
        await work.AddStateAsync(state);
        foreach (var logged in events) work.Log(logged);
        return true;
    }, cancellationToken);

    public Task<(User User, UserState State)?> FindAsync(UserId id, CancellationToken cancellationToken)
        => database.ReadAsync<(User, UserState)?>(async connection =>
        {
            await using var command = connection.Command(Find).Bind("@id", id.Value);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            if (!await row.ReadAsync(cancellationToken)) return null;
            return (JsonSerializer.Deserialize((byte[])row[0], UserJson.Default.User)!,
                UserStateCodec.Read(id, row.GetInt64(1), UserStatuses.Parse(row.GetString(2)), (byte[])row[3]));
        }, cancellationToken);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(User))]
internal sealed partial class UserJson : JsonSerializerContext;
