using Countersign.Console;
using Countersign.Console.Api;
using Countersign.Console.Shell;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using Microsoft.JSInterop;
using MudBlazor;
using MudBlazor.Services;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.RootComponents.Add<App>("#app");
builder.RootComponents.Add<HeadOutlet>("head::after");
builder.Services.AddMudServices(mud =>
    (mud.SnackbarConfiguration.PositionClass, mud.SnackbarConfiguration.VisibleStateDuration) = (Defaults.Classes.Position.TopCenter, 3000));
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton(services => (IJSInProcessRuntime)services.GetRequiredService<IJSRuntime>());
builder.Services.AddSingleton(_ => new HttpClient { BaseAddress = new Uri(builder.HostEnvironment.BaseAddress) });
builder.Services.AddSingleton<Session>();
builder.Services.AddSingleton<Appearance>();
builder.Services.AddSingleton<ApiClient>();
await builder.Build().RunAsync();
