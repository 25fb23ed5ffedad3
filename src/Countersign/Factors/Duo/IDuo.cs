namespace Countersign.Factors.Duo;

/// <summary>
/// Duo Security, as far as the factor <c>web</c> / DUO asks it: by the page that the user opens (the Universal Prompt, Duo's Web SDK 4), or by its Auth API, which asks the user
/// itself. Thread-safe.
/// </summary>
public interface IDuo
{
    /// <summary>Whether there is a Duo to ask.</summary>
    bool IsConfigured { get; }

    /// <summary>The name of Duo's host, to show.</summary>
    string Host { get; }

    /// <summary>Whether the user is asked by a page that the application opens; false: Duo asks by itself.</summary>
    bool UsesPrompt { get; }

    /// <summary>The address of the page on which the user answers; computed alone, nobody is asked. Only where <see cref="UsesPrompt"/>.</summary>
    Uri PromptAt(DuoPrompt prompt);

    /// <summary>Asks Duo, with a time limit. What happens on the way is a value.</summary>
    Task<DuoReply> AskAsync(DuoQuestion question, CancellationToken cancellationToken);
}

/// <summary>What the page must know.</summary>
/// <param name="User">The user's name at Duo.</param>
/// <param name="State">Comes back with the answer: 22 to 1,024 characters.</param>
/// <param name="Nonce">Stands in the token that says what the answer was.</param>
/// <param name="Expires">When the page is no longer to be opened; at most five minutes ahead.</param>
public sealed record DuoPrompt(string User, string State, string Nonce, DateTimeOffset Expires);

/// <summary>What Duo is asked. Closed: nothing outside this file can add a case.</summary>
public abstract record DuoQuestion
{
    private DuoQuestion() { }

    /// <summary>Whether it is there and serves us; and, where it asks by itself, to ask the user now.</summary>
    public sealed record Begin(string User) : DuoQuestion;

    /// <summary>What the user answered on the page. Duo answers a code once.</summary>
    /// <param name="Code">The code that the page gave.</param>
    /// <param name="User">The user's name that the answer must be of.</param>
    /// <param name="Nonce">The nonce that the answer must bear.</param>
    public sealed record Exchange(string Code, string User, string Nonce) : DuoQuestion;

    /// <summary>What the user answered whom Duo asked itself.</summary>
    /// <param name="Transaction">Duo's id of it.</param>
    public sealed record Status(string Transaction) : DuoQuestion;
}

/// <summary>What Duo answered. Closed: nothing outside this file can add a case.</summary>
public abstract record DuoReply
{
    private DuoReply() { }

    /// <summary>It is there; <paramref name="Transaction"/> is its own id of the question, null where a page asks.</summary>
    public sealed record Begun(string? Transaction) : DuoReply;

    /// <summary>The user has not answered.</summary>
    public sealed record Waiting : DuoReply;

    /// <summary>The user proved to be there, and Duo lets them in.</summary>
    public sealed record Allowed : DuoReply;

    /// <summary>The user, or Duo, said no.</summary>
    public sealed record Denied : DuoReply;

    /// <summary>The user did not answer in the time that Duo gives.</summary>
    public sealed record TimedOut : DuoReply;

    /// <summary>Duo does not serve us, or said what cannot be trusted. Nothing is known of the user.</summary>
    public sealed record Refused : DuoReply;

    /// <summary>Duo did not answer.</summary>
    public sealed record Silent : DuoReply;
}

/// <summary>No Duo is configured: the kind cannot be enrolled, and its factors cannot be used.</summary>
public sealed class NoDuo : IDuo
{
    /// <summary>The only one.</summary>
    public static readonly NoDuo Instance = new();

    private NoDuo()
    {
    }

    /// <inheritdoc/>
    public bool IsConfigured => false;

    /// <inheritdoc/>
    public string Host => "";

    /// <inheritdoc/>
    public bool UsesPrompt => false;

    /// <inheritdoc/>
    public Uri PromptAt(DuoPrompt prompt) => throw new InvalidOperationException("no Duo is configured");

    /// <inheritdoc/>
    public Task<DuoReply> AskAsync(DuoQuestion question, CancellationToken cancellationToken) => Task.FromResult<DuoReply>(new DuoReply.Refused());
}
