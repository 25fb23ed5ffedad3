using Countersign.Requests;
using Countersign.Sealing;

namespace Countersign.Factors.Duo;

/// <summary>Takes a user who comes back from Duo's page to Countersign's own address: the state says whose answer it is, and is the permission.</summary>
public sealed class DuoCallback(IVault vault, FactorOperations factors)
{
    /// <summary>Completes the transaction that the state is of.</summary>
    public Task<FactorOutcome> CompleteAsync(RedirectAnswer answer, RequestContext by, CancellationToken cancellationToken)
        => DuoFactor.ReadState(answer.State, vault) is { } state
            ? factors.CompleteAsync(state.User, state.Factor, answer, status: null, by, cancellationToken)
            : Task.FromResult<FactorOutcome>(new FactorOutcome.Refused(Refusal.LinkUsed));
}
