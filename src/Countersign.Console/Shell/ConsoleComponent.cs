using Countersign.Console.Api;
using Microsoft.AspNetCore.Components;

namespace Countersign.Console.Shell;

/// <summary>
/// A component that talks to the server: it runs one request at a time through <see cref="AttemptAsync"/>, which keeps
/// <see cref="IsBusy"/> and <see cref="Error"/>, and gives up when the component leaves the page.
/// </summary>
public abstract class ConsoleComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private CancellationTokenSource? _latest;

    /// <summary>Where requests go.</summary>
    [Inject]
    protected ApiClient Api { get; set; } = default!;

    /// <summary>Whether a request is under way.</summary>
    protected bool IsBusy { get; private set; }

    /// <summary>What the last request was refused for; null when it succeeded.</summary>
    protected ApiError? Error { get; private set; }

    /// <summary>Runs a request. A newer one supersedes it, so that late answers never replace later ones.</summary>
    /// <returns>Whether it succeeded.</returns>
    protected async Task<bool> AttemptAsync(Func<CancellationToken, Task> request)
    {
        ArgumentNullException.ThrowIfNull(request);
        _latest?.Cancel();
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token);
        _latest = mine;
        IsBusy = true;
        try
        {
            await request(mine.Token);
            mine.Token.ThrowIfCancellationRequested();
            Error = null;
            return true;
        }
        catch (ApiException refused)
        {
            if (_latest == mine)
                Error = refused.Error;
            return false;
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            if (_latest == mine)
                (_latest, IsBusy) = (null, false);
            if (!_gone.IsCancellationRequested)
                StateHasChanged();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives up what is under way.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _gone.Cancel();
        _gone.Dispose();
    }
}
