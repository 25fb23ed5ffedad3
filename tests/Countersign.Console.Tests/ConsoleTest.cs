using AngleSharp.Dom;
using Bunit;
using Countersign.Console.Api;
using Countersign.Console.Shell;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;
using MudBlazor;
using MudBlazor.Services;

namespace Countersign.Console.Tests;

/// <summary>Renders parts of the console against a <see cref="FakeServer"/>.</summary>
public abstract class ConsoleTest : BunitContext, IAsyncLifetime
{
    private const string TokenKey = "countersign.token";

    private protected ConsoleTest()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(services => (IJSInProcessRuntime)services.GetRequiredService<IJSRuntime>());
        Services.AddSingleton(new HttpClient(Server) { BaseAddress = new Uri("http://localhost/console/") });
        Services.AddSingleton<Session>();
        Services.AddSingleton<Appearance>();
        Services.AddSingleton<ApiClient>();
    }

    private protected FakeServer Server { get; } = new();

    private protected ApiClient Api => Services.GetRequiredService<ApiClient>();

    private protected Session Session => Services.GetRequiredService<Session>();

    /// <summary>Somebody has signed in before the console starts.</summary>
    private protected void SignedIn(string token = "a-token") => JSInterop.Setup<string?>("sessionStorage.getItem", TokenKey).SetResult(token);

    /// <summary>What dialogs, menus and messages need around a page.</summary>
    private protected void RenderFrame()
    {
        Render<MudPopoverProvider>();
        Dialogs = Render<MudDialogProvider>();
        Render<MudSnackbarProvider>();
    }

    /// <summary>Presses what opens a dialog and waits for the dialog; the press itself ends only with it.</summary>
    private protected async Task OpenAsync(IElement button)
    {
        button.Click();
        await Dialogs.WaitForElementAsync(".mud-dialog", TimeSpan.FromSeconds(10));
    }

    private protected IRenderedComponent<MudDialogProvider> Dialogs { get; private set; } = default!;

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();
}
