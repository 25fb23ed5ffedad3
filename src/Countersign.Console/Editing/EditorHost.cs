using Countersign.Console.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Countersign.Console.Editing;

/// <summary>
/// Lends a component an editor of the browser's: its scripts are fetched when the first one is shown, it follows the
/// console's colors, and it goes with the component. Until <see cref="HasEditor"/> the component shows something simpler.
/// </summary>
public abstract class EditorHost : ComponentBase, IAsyncDisposable
{
    private IJSObjectReference? _module;
    private int _editor;
    private bool _isGone;

    /// <summary>The browser.</summary>
    [Inject]
    protected IJSRuntime Browser { get; set; } = default!;

    /// <summary>Dark or light.</summary>
    [Inject]
    protected Appearance Appearance { get; set; } = default!;

    /// <summary>Whether the editor is there; it never is where its scripts cannot run.</summary>
    protected bool HasEditor => _editor != 0;

    /// <summary>Makes the editor with the functions of <c>editor.js</c> and answers its number; 0 when there is none.</summary>
    protected abstract ValueTask<int> CreateAsync(IJSObjectReference module);

    /// <summary>The editor has been made: what changed on the way is told to it here.</summary>
    protected virtual Task CreatedAsync() => Task.CompletedTask;

    /// <summary>Lets go of what else the component holds.</summary>
    protected virtual void Leaving()
    {
    }

    /// <summary>Has the editor do something; without one, nothing happens.</summary>
    protected async ValueTask TellAsync(string what, params object?[] arguments)
    {
        if (_module is not null && HasEditor)
            await _module.InvokeVoidAsync("tell", [_editor, what, .. arguments]);
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => Appearance.Changed += Recolor;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        try
        {
            _module = await Browser.InvokeAsync<IJSObjectReference>("import", "./editor.js");
            _editor = await CreateAsync(_module);
        }
        catch (JSException)
        {
            return;   // The scripts did not arrive or may not run here: the simpler form stays.
        }
        if (!HasEditor)
            return;
        if (_isGone)
        {
            await TellAsync("dispose");
            return;
        }
        await CreatedAsync();
        StateHasChanged();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _isGone = true;
        Appearance.Changed -= Recolor;
        Leaving();
        await TellAsync("dispose");
    }

    private void Recolor() => _ = _module?.InvokeVoidAsync("setDark", Appearance.IsDark).AsTask();
}
