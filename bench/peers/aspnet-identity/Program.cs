// The authenticator codes of ASP.NET Core Identity on PostgreSQL, with lockout and one audit row a check.
//
//   dotnet run -c Release -- seed PEOPLE     make the tables and one user for each line "id base32"
//   dotnet run -c Release -- --urls URL      serve POST /users/{userId}/verify {"code":"123456"}
//
// The database is named by ConnectionStrings__Accounts.
using AspNetIdentity;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

if (args is ["seed", var people])
{
    await Seed.RunAsync(Environment.GetEnvironmentVariable("ConnectionStrings__Accounts")!, people);
    return;
}

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var connection = builder.Configuration.GetConnectionString("Accounts");
builder.Services.AddDbContextPool<Accounts>(options => options.UseNpgsql(connection), poolSize: 256);
builder.Services.AddIdentityCore<IdentityUser>(options =>
    {
        // The lockout stays on; only its limit is raised, as it is for the other programs.
        options.Lockout.MaxFailedAccessAttempts = 1_000_000;
    })
    .AddEntityFrameworkStores<Accounts>()
    .AddTokenProvider<AuthenticatorTokenProvider<IdentityUser>>(TokenOptions.DefaultAuthenticatorProvider);
builder.Services.AddSingleton(TimeProvider.System);

var app = builder.Build();
app.MapPost("/users/{userId}/verify", Verification.VerifyAsync);
await app.RunAsync();
