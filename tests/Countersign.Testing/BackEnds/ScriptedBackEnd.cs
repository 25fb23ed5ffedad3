using System.Collections.Concurrent;
using Countersign.Factors.BackEnds;

namespace Countersign.Testing.BackEnds;

/// <summary>A back end of tokens that answers as a test says, and keeps what it was asked.</summary>
public sealed class ScriptedBackEnd : ITokenBackEnd
{
    private readonly ConcurrentQueue<TokenCheck> _asked = new();

    /// <summary>What it answers; at first that every passcode is right.</summary>
    public Func<TokenCheck, Task<TokenAnswer>> AnswersLate { get; set; } = _ => Task.FromResult<TokenAnswer>(new TokenAnswer.Accepted());

    /// <summary>What it answers at once.</summary>
    public Func<TokenCheck, TokenAnswer> Answers { set => AnswersLate = check => Task.FromResult(value(check)); }

    /// <summary>What it was asked, in order.</summary>
    public IReadOnlyList<TokenCheck> Asked => [.. _asked];

    /// <inheritdoc/>
    public async ValueTask<TokenAnswer> CheckAsync(TokenCheck check, CancellationToken cancellationToken)
    {
        _asked.Enqueue(check);
        return await AnswersLate(check).WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
    }
}
