using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspNetIdentity;

/// <summary>Makes Identity's tables with Entity Framework Core and fills them by COPY with what Identity itself would store.</summary>
internal static class Seed
{
    public static async Task RunAsync(string connectionString, string peopleFile)
    {
        await using var accounts = new Accounts(new DbContextOptionsBuilder<Accounts>().UseNpgsql(connectionString).Options);
        await accounts.Database.EnsureCreatedAsync();

        var people = (await File.ReadAllLinesAsync(peopleFile)).Select(line => line.Split(' ')).ToList();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();

        await using (var users = await connection.BeginBinaryImportAsync("""
            COPY "AspNetUsers" ("Id", "UserName", "NormalizedUserName", "SecurityStamp", "ConcurrencyStamp", "EmailConfirmed",
                "PhoneNumberConfirmed", "TwoFactorEnabled", "LockoutEnabled", "AccessFailedCount") FROM STDIN (FORMAT BINARY)
            """))
        {
            foreach (var person in people)
            {
                var stamp = Guid.CreateVersion7().ToString();
                await users.WriteRowAsync(default, person[0], person[0], person[0].ToUpperInvariant(), stamp, stamp, true, false, true, true, 0);
            }
            await users.CompleteAsync();
        }

        await using var tokens = await connection.BeginBinaryImportAsync("""
            COPY "AspNetUserTokens" ("UserId", "LoginProvider", "Name", "Value") FROM STDIN (FORMAT BINARY)
            """);
        foreach (var person in people)
            await tokens.WriteRowAsync(default, person[0], "[AspNetUserStore]", "AuthenticatorKey", person[1]);
        await tokens.CompleteAsync();
    }
}
