using Microsoft.JSInterop;

namespace Countersign.Console.Shell;

/// <summary>Dark or light: as the system has it until the person chooses, and remembered from then on.</summary>
public sealed class Appearance(IJSInProcessRuntime browser)
{
    private const string Key = "countersign.appearance";

    private bool _systemIsDark = browser.Invoke<bool>("countersign.systemIsDark");

    /// <summary>Raised when the colors change.</summary>
    public event Action? Changed;

    /// <summary>What the person chose: <c>light</c>, <c>dark</c>, or null for whatever the system has.</summary>
    public string? Choice { get; private set; } = browser.Invoke<string?>("localStorage.getItem", Key);

    /// <summary>Whether the console is dark now.</summary>
    public bool IsDark => Choice is null ? _systemIsDark : Choice == "dark";

    /// <summary>Remembers a choice; null goes back to following the system.</summary>
    public void Choose(string? choice)
    {
        if (choice is null)
            browser.InvokeVoid("localStorage.removeItem", Key);
        else
            browser.InvokeVoid("localStorage.setItem", Key, choice);
        Choice = choice;
        Apply();
    }

    /// <summary>Takes note of what the system has.</summary>
    public void Follow(bool systemIsDark)
    {
        _systemIsDark = systemIsDark;
        Apply();
    }

    private void Apply()
    {
        browser.InvokeVoid("countersign.setDark", IsDark);
        Changed?.Invoke();
    }
}
