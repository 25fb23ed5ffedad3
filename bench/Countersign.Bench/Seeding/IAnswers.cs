using Countersign.Bench.Passcodes;

namespace Countersign.Bench.Seeding;

/// <summary>Answers to the challenges of one kind of factor, made from what the server's store says of them.</summary>
internal interface IAnswers : IAsyncDisposable
{
    /// <summary>The kind, for a person.</summary>
    string Name { get; }

    /// <summary>The body of an answer, with a line's third field where it belongs.</summary>
    string Body { get; }

    /// <summary>Whether the promise is about the answers alone; otherwise it is about a challenge and its answer.</summary>
    bool AreJudgedAlone { get; }

    /// <summary>The id of a person's factor.</summary>
    string FactorOf(Person person);

    /// <summary>One line of the load for each user who was challenged since an instant and has not answered; in random order.</summary>
    Task<string[]> LinesAsync(DateTimeOffset since, CancellationToken cancellationToken);
}
