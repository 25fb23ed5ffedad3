using System.Collections.Immutable;
using Countersign.Identifiers;
using Countersign.Server.Settings;
using Countersign.Storage;
using Countersign.Storage.Files;
using Countersign.SystemLog;
using Countersign.Tokens;
using Countersign.Users;

namespace Countersign.Server.FirstRun;

/// <summary>What the first start makes: an administrator, and the API token that acts for it (architecture 8, <c>Countersign:BootstrapToken</c>).</summary>
internal sealed class FirstRun(IUserStore users, IUserCommits commits, IApiTokenStore tokens, StorageSettings storage, ServerSettings settings, TimeProvider clock)
{
    private const string AdministratorLogin = "administrator@countersign.invalid";

    /// <summary>Makes what is missing. Many nodes may do so at once; the file with a generated token is readable by its owner only.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var administrator = await FindOrAddAdministratorAsync(cancellationToken);
        if (settings.BootstrapToken is { } configuredToken)
        {
            if (await tokens.FindAsync(configuredToken, cancellationToken) is null) await AddAsync(administrator, configuredToken, cancellationToken);
        }
        else if ((await tokens.ListAsync(null, 1, cancellationToken)).Count == 0)
        {
            await AddAsync(administrator, TokenFile.ReadOrCreate(storage.DataDirectory), cancellationToken);
        }
    }

    private Task<bool> AddAsync(LogSubject administrator, string text, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return tokens.AddAsync(
            new ApiToken { Id = Identifier.New(ApiToken.IdPrefix, now), Name = "First start", Owner = administrator, Created = now, LastUsed = now },
            text, new LogEvent { EventType = LogEventTypes.TokenCreate, Actor = LogSubject.System, Targets = [administrator] }, cancellationToken);
    }

    /// <summary>The administrator, made when it is missing.</summary>
    public async Task<LogSubject> FindOrAddAdministratorAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToWholeSeconds();
        while (true)
        {
            if (await commits.FindByLoginAsync(AdministratorLogin, cancellationToken) is { } found)
                return new LogSubject(found.Value, "User", AdministratorLogin, "Countersign Administrator");
            var id = UserId.New(now);
            var subject = new LogSubject(id.Value, "User", AdministratorLogin, "Countersign Administrator");
            var user = new User
            {
                Id = id,
                Created = now,
                Activated = now,
                LastUpdated = now,
                Profile = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>
                {
                    ["login"] = AdministratorLogin,
                    ["email"] = AdministratorLogin,
                    ["firstName"] = "Countersign",
                    ["lastName"] = "Administrator",
                }),
            };
            var state = new UserState { Id = id, Version = 1, Status = UserStatus.Active, StatusChanged = now, Login = AdministratorLogin, DisplayName = subject.DisplayName };
            await users.AddAsync(user, state, [new LogEvent { EventType = LogEventTypes.UserCreate, Actor = LogSubject.System, Targets = [subject] }], cancellationToken);
        }
    }
}

/// <summary>The file that keeps a generated first token.</summary>
internal static class TokenFile
{
    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "administrator.token");

    public static string ReadOrCreate(string dataDirectory)
    {
        var file = PathIn(dataDirectory);
        if (File.Exists(file)) return File.ReadAllText(file).Trim();
        PrivateFile.Create(file, ApiTokens.NewText());
        return File.ReadAllText(file).Trim();
    }
}
