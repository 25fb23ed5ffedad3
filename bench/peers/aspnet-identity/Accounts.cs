using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace AspNetIdentity;

/// <summary>Identity's own tables without roles, and the audit log.</summary>
internal sealed class Accounts(DbContextOptions<Accounts> options) : IdentityUserContext<IdentityUser>(options)
{
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<AuditEntry>().HasIndex(entry => new { entry.UserId, entry.At });
    }
}

/// <summary>One check of one code.</summary>
internal sealed class AuditEntry
{
    public long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string UserId { get; init; }

    public required string Outcome { get; init; }

    public string? ClientAddress { get; init; }

    public string? UserAgent { get; init; }
}
