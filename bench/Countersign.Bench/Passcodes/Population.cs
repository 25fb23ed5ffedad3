using System.Security.Cryptography;

namespace Countersign.Bench.Passcodes;

/// <summary>
/// The users of one database, and the steps their codes were taken from: every right code is drawn once, in rising
/// order of steps, and from the middle of the tolerance, so that a refusal is always the server's fault.
/// </summary>
internal sealed class Population(int count, TimeProvider clock)
{
    /// <summary>Kept apart for the race, so that no cell has used their codes.</summary>
    public const int Racers = 20;

    /// <summary>How far around the present a wrong code is certainly wrong: ten minutes each way.</summary>
    private const int WrongSteps = 20;

    private long _drawn;

    public int Count => count;

    public IEnumerable<Person> People => Enumerable.Range(0, count).Select(number => new Person(number));

    public IEnumerable<Person> Race => Enumerable.Range(count - Racers, Racers).Select(number => new Person(number));

    /// <summary>Everyone but the racers, each with a wrong code, in random order.</summary>
    public (Person Person, string Code)[] WrongCodes(int most = int.MaxValue)
    {
        var step = Passcode.StepAt(clock.GetUtcNow());
        return Draw(most, person => Passcode.WrongAround(person.Secret, step, WrongSteps));
    }

    /// <summary>Everyone but the racers, each with the code of one step that was not drawn before, in random order.</summary>
    /// <remarks>Waits for that step to begin, and until it has <paramref name="room"/> left, so that the codes stay the present ones.</remarks>
    public async Task<(Person Person, string Code)[]> RightCodesAsync(TimeSpan room, int most, CancellationToken cancellationToken)
    {
        var step = await NextStepAsync(room, cancellationToken);
        return Draw(most, person => Passcode.At(person.Secret, step));
    }

    public async Task<long> NextStepAsync(TimeSpan room, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            var step = Passcode.StepAt(now);
            var next = DateTimeOffset.FromUnixTimeSeconds((step + 1) * Passcode.StepSeconds);
            if (step > _drawn && next - now >= room) return _drawn = step;
            await Task.Delay(next - now + TimeSpan.FromMilliseconds(50), clock, cancellationToken);
        }
    }

    /// <summary>Everyone but the racers, in random order.</summary>
    public Person[] Shuffled() => [.. Draw(int.MaxValue, _ => "").Select(drawn => drawn.Person)];

    private (Person Person, string Code)[] Draw(int most, Func<Person, string> code)
    {
        var numbers = Enumerable.Range(0, count - Racers).ToArray();
        RandomNumberGenerator.Shuffle(numbers.AsSpan());
        var drawn = new (Person, string)[Math.Min(most, numbers.Length)];
        Parallel.For(0, drawn.Length, i => drawn[i] = (new Person(numbers[i]), code(new Person(numbers[i]))));
        return drawn;
    }
}
