using Countersign.Identifiers;

namespace Countersign.Users;

/// <summary>Identifies one user for good: <c>00u</c> and 17 characters (contract 1.3).</summary>
public readonly record struct UserId(string Value)
{
    /// <summary>The prefix of every user id.</summary>
    public const string Prefix = "00u";

    /// <summary>A new id.</summary>
    public static UserId New(DateTimeOffset now) => new(Identifier.New(Prefix, now));

    /// <inheritdoc/>
    public override string ToString() => Value;
}
