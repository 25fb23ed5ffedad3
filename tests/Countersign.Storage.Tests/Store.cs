using Countersign.SystemLog;
using Countersign.Testing;
using Countersign.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

/// <summary>The stores of one engine, opened as the server opens them, on a clock that stands still until a test moves it.</summary>
internal sealed class Store : IAsyncDisposable
{
    private readonly TestStore _place;
    private readonly bool _ownsPlace;
    private readonly ServiceProvider _services;

    public Store(Engine engine) : this(new TestStore(engine)) => _ownsPlace = true;

    /// <summary>Another node on the same place, perhaps by another way.</summary>
    public Store(TestStore place, string? connectionString = null)
    {
        _place = place;
        var settings = new StorageSettings
        {
            DataDirectory = place.Directory,
            Provider = place.Engine == Engine.Sqlite ? "sqlite" : "postgres",
            ConnectionString = connectionString ?? place.ConnectionString,
        };
        _services = new ServiceCollection().AddSingleton<TimeProvider>(Clock).AddStorage(settings).BuildServiceProvider();
        _services.OpenStorage();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero));

    public TestStore Place => _place;

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public IUserCommits Commits => Get<IUserCommits>();

    public IUserStore Users => Get<IUserStore>();

    public ISystemLog Log => Get<ISystemLog>();

    /// <summary>Makes an active user.</summary>
    public async Task<UserId> AddUserAsync(string login)
    {
        var now = Clock.GetUtcNow();
        var id = UserId.New(now);
        var user = new User
        {
            Id = id,
            Created = now,
            LastUpdated = now,
            Profile = System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>
            {
                ["login"] = login,
                ["email"] = login,
                ["firstName"] = "Ana",
                ["lastName"] = "Reis",
            }),
        };
        var state = new UserState { Id = id, Version = 1, Status = UserStatus.Active, StatusChanged = now, Login = login, DisplayName = "Ana Reis" };
        return await Users.AddAsync(user, state, [Event("user.lifecycle.create")], CancellationToken.None) ? id : throw new InvalidOperationException($"the login '{login}' is taken");
    }

    /// <summary>One more wrong answer, with an event; answers how many that makes.</summary>
    public Task<int> CountAsync(UserId user) => Commits.DecideAsync(user, (state, _) => Counted(state!), CancellationToken.None);

    public static Transition<int> Counted(UserState state)
    {
        var wrong = state.Attempts.WrongInARow + 1;
        return new(wrong, state with { Attempts = state.Attempts with { WrongInARow = wrong } }, Event("user.authentication.auth_via_mfa"));
    }

    public static LogEvent Event(string eventType) => new() { EventType = eventType, Actor = LogSubject.System };

    /// <inheritdoc cref="TestStore.SqlAsync"/>
    public Task<long> SqlAsync(string sql) => _place.SqlAsync(sql);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_ownsPlace) _place.Dispose();
    }
}
