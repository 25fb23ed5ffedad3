using System.CommandLine;
using Countersign.SystemLog;
using Countersign.Tokens;
using Countersign.Users;

namespace Countersign.Server.CommandLine;

/// <summary><c>countersign token …</c>: API tokens, for who has the store and perhaps no token any more.</summary>
internal static class TokenCommands
{
    private const int Page = 200;

    public static Command Command(CommandStore store) => new("token", "Make, list and revoke API tokens.") { Create(store), List(store), Revoke(store) };

    private static Command Create(CommandStore store)
    {
        var name = new Option<string>("--name") { Description = "What it is called.", Required = true };
        var scopes = new Option<string[]>("--scopes") { Description = "What it may do, separated by blanks; none: everything.", AllowMultipleArgumentsPerToken = true };
        var expires = new Option<TimeSpan?>("--expires-in") { Description = "How long it holds, as days.hours:minutes:seconds or whole days; without: until it has not been used for 30 days." };
        var user = new Option<string?>("--user") { Description = "The login of the user that it acts for; without: the administrator of the first start." };
        var command = new Command("create", "Makes an API token and writes it, and nothing else, to standard output.") { name, scopes, expires, user };
        command.SetAction((parsed, cancellationToken) => store.RunAsync(async services =>
        {
            if (await FindOwnerAsync(services, parsed.GetValue(user), cancellationToken) is not { } owner) return await CommandStore.FailAsync("There is no user with this login.");
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var request = new NewApiToken(parsed.GetRequiredValue(name), parsed.GetValue(scopes) ?? [], parsed.GetValue(expires) is { } life ? now + life : null);
            switch (await services.GetRequiredService<ApiTokens>().CreateAsync(request, owner, grantor: null, by: null, cancellationToken))
            {
                case TokenOutcome.Created made:
                    await Console.Error.WriteLineAsync($"{made.Token.Id} acts for {owner.AlternateId}. It is shown this once:");
                    await Console.Out.WriteLineAsync(made.Text);
                    return 0;
                case TokenOutcome.Refused refused:
                    return await CommandStore.FailAsync(refused.Refusal switch
                    {
                        TokenRefusal.NameMissing or TokenRefusal.NameTooLong => "--name: allowed are 1 to 100 characters",
                        TokenRefusal.ScopeUnknown => $"--scopes: found '{refused.What}', allowed are {string.Join(", ", ApiScopes.All.Order(StringComparer.Ordinal))}",
                        _ => "--expires-in: allowed is a time to come",
                    });
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }));
        return command;
    }

    private static Command List(CommandStore store)
    {
        var command = new Command("list", "Lists the API tokens: id, status, owner, last use, end, scopes, name.");
        command.SetAction((_, cancellationToken) => store.RunAsync(async services =>
        {
            var (tokens, now) = (services.GetRequiredService<IApiTokenStore>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
            for (string? after = null; ;)
            {
                var page = await tokens.ListAsync(after, Page, cancellationToken);
                foreach (var token in page)
                {
                    await Console.Out.WriteLineAsync(string.Join('\t', token.Id, token.StatusAt(now), token.Owner.AlternateId, token.LastUsed.ToTimestamp(),
                        token.Expires?.ToTimestamp() ?? "-", token.Scopes.IsEmpty ? "everything" : string.Join(' ', token.Scopes), token.Name));
                }
                if (page.Count < Page) return 0;
                after = page[^1].Id;
            }
        }));
        return command;
    }

    private static Command Revoke(CommandStore store)
    {
        var id = new Argument<string>("id") { Description = "The token's id, as list shows it." };
        var command = new Command("revoke", "Revokes an API token. Servers notice within a second.") { id };
        command.SetAction((parsed, cancellationToken) => store.RunAsync(async services
            => await services.GetRequiredService<ApiTokens>().RevokeAsync(parsed.GetRequiredValue(id), by: null, cancellationToken) ? 0 : await CommandStore.FailAsync("There is no token with this id.")));
        return command;
    }

    private static async Task<LogSubject?> FindOwnerAsync(IServiceProvider services, string? login, CancellationToken cancellationToken)
    {
        if (login is null) return await services.GetRequiredService<FirstRun.FirstRun>().FindOrAddAdministratorAsync(cancellationToken);
        var commits = services.GetRequiredService<IUserCommits>();
        return await commits.FindByLoginAsync(login, cancellationToken) is { } id && await commits.LoadAsync(id, cancellationToken) is { } user
            ? new LogSubject(id.Value, "User", user.Login, user.DisplayName) : null;
    }
}
