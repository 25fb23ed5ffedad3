using Microsoft.JSInterop;

namespace Countersign.Console.Shell;

/// <summary>
/// The API token that the console works with. It is kept in the tab's <c>sessionStorage</c> alone: closing the tab forgets it.
/// </summary>
public sealed class Session(IJSInProcessRuntime browser)
{
    private const string Key = "countersign.token";

    /// <summary>Raised after signing in and out.</summary>
    public event Action? Changed;

    /// <summary>The token; null while nobody is signed in.</summary>
    public string? Token { get; private set; } = browser.Invoke<string?>("sessionStorage.getItem", Key);

    /// <summary>Why the last session ended by itself, for the sign-in page; null when the person signed out.</summary>
    public string? Ended { get; private set; }

    /// <summary>Keeps a token that the server has accepted.</summary>
    public void Begin(string token)
    {
        browser.InvokeVoid("sessionStorage.setItem", Key, token);
        (Token, Ended) = (token, null);
        Changed?.Invoke();
    }

    /// <summary>Forgets the token.</summary>
    /// <param name="reason">Why, unless the person asked for it.</param>
    public void End(string? reason = null)
    {
        if (Token is null)
            return;
        browser.InvokeVoid("sessionStorage.removeItem", Key);
        (Token, Ended) = (null, reason);
        Changed?.Invoke();
    }
}
