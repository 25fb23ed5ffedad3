using Countersign.Attempts;
using Countersign.Factors;
using Countersign.Factors.Otp;
using Countersign.Hashing;
using Countersign.Server.AdminConsole;
using Countersign.Server.Factors;
using Countersign.Server.FirstRun;
using Countersign.Server.Organization;
using Countersign.Server.RateLimits;
using Countersign.Server.Requests;
using Countersign.Server.Users;
using Countersign.Storage;

var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = 256 * 1024;
});
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
// This category makes an activity for every request as soon as any level of it is on; who wants activities listens to them.
builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
if (string.IsNullOrEmpty(builder.Configuration["urls"])) builder.WebHost.UseUrls("http://127.0.0.1:8080");

var storage = new StorageSettings
{
    DataDirectory = builder.Configuration["Countersign:DataDirectory"] ?? "./data",
    Provider = builder.Configuration["Countersign:Storage:Provider"] ?? "sqlite",
    ConnectionString = builder.Configuration.GetConnectionString("Countersign"),
    MasterKey = builder.Configuration["Countersign:MasterKey"],
    OrgName = builder.Configuration["Countersign:OrgName"] ?? "Countersign",
};
builder.Services.AddSingleton(storage);
builder.Services.AddStorage(storage);
builder.Services.AddFactors();
builder.Services.Configure<AttemptLimits>(builder.Configuration.GetSection(AttemptLimits.Section));
builder.Services.Configure<FactorLimits>(builder.Configuration.GetSection(FactorLimits.Section));
builder.Services.Configure<OtpLimits>(builder.Configuration.GetSection(OtpLimits.Section));
builder.Services.Configure<RateLimitOptions>(builder.Configuration.GetSection(RateLimitOptions.Section));
builder.Services.Configure<HashingLimits>(builder.Configuration.GetSection(HashingLimits.Section));
builder.Services.AddSingleton<RateLimiter>();
builder.Services.AddSingleton<UserResolver>();
builder.Services.AddSingleton(new PublicUrl(builder.Configuration["Countersign:PublicUrl"]));
builder.Services.AddSingleton<FactorDocuments>();
builder.Services.AddSingleton<FirstRun>();

var app = builder.Build();
app.Services.OpenStorage();
await app.Services.GetRequiredService<FirstRun>().RunAsync(app.Configuration["Countersign:BootstrapToken"], CancellationToken.None);

app.UseRouting();
app.UseWhen(ApiPaths.Contains, api => api.UseMiddleware<ApiPipeline>());
app.MapFactors();
app.MapOrgFactors();
app.MapHotpProfiles();
app.MapConsole();
app.MapGet("/health/live", () => TypedResults.Text("""{"status":"UP"}""", "application/json"));
app.Run();
