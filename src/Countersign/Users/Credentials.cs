using System.Security.Cryptography;
using System.Text;
using Countersign.Hashing;
using Countersign.Identifiers;

namespace Countersign.Users;

/// <summary>What operations on credentials share.</summary>
internal static class Credentials
{
    private const int MaxRecoveryLength = 100, LinkTokenLength = 32;

    /// <summary>What is wrong with new credentials; empty when nothing is. A question that stays as it is needs no answer.</summary>
    public static IEnumerable<FieldFault> Check(CredentialsRequest request, string login, User? current)
    {
        if (request.Password is { } password && !PasswordPolicy.Accepts(password, login)) yield return new FieldFault("password", FieldFaultKind.WeakPassword);
        if (!SetsQuestion(request, current)) yield break;
        if (string.IsNullOrWhiteSpace(request.RecoveryQuestion)) yield return new FieldFault("recovery_question.question", FieldFaultKind.Blank);
        else if (request.RecoveryQuestion.Length > MaxRecoveryLength) yield return new FieldFault("recovery_question.question", FieldFaultKind.TooLong);
        if (string.IsNullOrWhiteSpace(request.RecoveryAnswer)) yield return new FieldFault("recovery_question.answer", FieldFaultKind.Blank);
        else if (request.RecoveryAnswer.Length > MaxRecoveryLength) yield return new FieldFault("recovery_question.answer", FieldFaultKind.TooLong);
    }

    /// <summary>Hashes what is new. Null when too many hashes wait already.</summary>
    public static async ValueTask<HashedCredentials?> HashAsync(CredentialsRequest request, MemoryHardHash hash, CancellationToken cancellationToken)
    {
        string? password = null, answer = null;
        if (request.Password is not null && (password = await hash.HashAsync(request.Password, cancellationToken)) is null) return null;
        if (request.RecoveryAnswer is not null && (answer = await hash.HashAsync(Normalize(request.RecoveryAnswer), cancellationToken)) is null) return null;
        return new HashedCredentials(password, answer is null ? null : request.RecoveryQuestion, answer);
    }

    /// <summary>An answer as it is compared: without regard to case and outer blanks (contract 6.3).</summary>
    public static string Normalize(string answer) => answer.Trim().ToLowerInvariant();

    /// <summary>The state of a user who has a new password that needs no change.</summary>
    public static UserState PasswordWasSet(UserState state, DateTimeOffset now)
    {
        var counted = state with { Attempts = state.Attempts with { WrongPasswordsInARow = 0 } };
        return (state.StatusBeforeLock ?? state.Status) is UserStatus.Provisioned or UserStatus.PasswordExpired or UserStatus.Recovery
            ? counted.MoveUnderLock(UserStatus.Active, now) : counted;
    }

    /// <summary>A new link: its token for the caller, and what is stored of it.</summary>
    public static (string Token, OneTimeLink Link) NewLink(string purpose, DateTimeOffset expires)
    {
        var token = Identifier.NewSecret(LinkTokenLength);
        return (token, new OneTimeLink(purpose, Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(token))), expires));
    }

    private static bool SetsQuestion(CredentialsRequest request, User? current)
        => request.RecoveryAnswer is not null || (request.RecoveryQuestion is not null && request.RecoveryQuestion != current?.RecoveryQuestion);
}

/// <summary>New credentials, ready to be stored; null leaves the old.</summary>
internal readonly record struct HashedCredentials(string? Password = null, string? Question = null, string? Answer = null)
{
    /// <summary>The user with the new credentials.</summary>
    public User Apply(User user, DateTimeOffset now)
    {
        if (Password is not null) user = user with { PasswordHash = Password, PasswordChanged = now, Link = null };
        return Answer is null ? user : user with { RecoveryQuestion = Question, RecoveryAnswerHash = Answer };
    }
}
