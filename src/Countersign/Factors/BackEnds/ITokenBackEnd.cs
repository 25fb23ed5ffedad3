namespace Countersign.Factors.BackEnds;

/// <summary>A system of somebody else's that alone knows which passcodes of a token are right (contract 9.12). Thread-safe.</summary>
public interface ITokenBackEnd
{
    /// <summary>Asks about a passcode, within the back end's own time limits. What goes wrong on the way is an answer too.</summary>
    /// <param name="check">What is asked.</param>
    /// <param name="cancellationToken">Gives up waiting; the passcode may have been used up by then.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    ValueTask<TokenAnswer> CheckAsync(TokenCheck check, CancellationToken cancellationToken);
}

/// <summary>The back ends that are configured, by the kind of factor that asks them; null: that kind is not available.</summary>
/// <param name="Rsa">Asked about <c>token</c>/RSA.</param>
/// <param name="Symantec">Asked about <c>token</c>/SYMANTEC.</param>
public sealed record TokenBackEnds(ITokenBackEnd? Rsa, ITokenBackEnd? Symantec)
{
    /// <summary>None is configured.</summary>
    public static readonly TokenBackEnds None = new(null, null);
}
