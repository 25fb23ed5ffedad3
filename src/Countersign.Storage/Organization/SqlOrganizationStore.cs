using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Organization;
using Countersign.Storage.Commits;
using Countersign.SystemLog;

namespace Countersign.Storage.Organization;

/// <summary>The organisation's settings in SQL, remembered for a second so that decisions do not read them with every request.</summary>
internal sealed class SqlOrganizationStore(Database database, TimeProvider clock, string name) : IOrganizationStore
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1);
    private const string FactorPrefix = "factor/", ProfilePrefix = "hotp/";
    private const string Save = "INSERT INTO organization(key, document) VALUES(@key, @document) ON CONFLICT(key) DO UPDATE SET document = excluded.document";

    private volatile Tuple<OrganizationSettings, long>? _remembered;

    public ValueTask<OrganizationSettings> GetAsync(CancellationToken cancellationToken)
        => _remembered is { } known && clock.GetElapsedTime(known.Item2) < Remembered ? new(known.Item1) : new(ReadAsync(cancellationToken));

    public Task SwitchFactorAsync(string orgFactor, bool active, LogEvent logged, CancellationToken cancellationToken)
        => SaveAsync(FactorPrefix + orgFactor, JsonSerializer.SerializeToUtf8Bytes(active, OrganizationJson.Default.Boolean), logged, cancellationToken);

    public Task SaveHotpProfileAsync(HotpProfile profile, LogEvent? logged, CancellationToken cancellationToken)
        => SaveAsync(ProfilePrefix + profile.Id, JsonSerializer.SerializeToUtf8Bytes(profile, OrganizationJson.Default.HotpProfile), logged, cancellationToken);

    private async Task SaveAsync(string key, byte[] document, LogEvent? logged, CancellationToken cancellationToken)
    {
        await database.WriteAsync(async work =>
        {
            work.Log(logged);
            return await work.ExecuteAsync(Save, ("@key", key), ("@document", document));
        }, cancellationToken);
        _remembered = null;
    }

    private async Task<OrganizationSettings> ReadAsync(CancellationToken cancellationToken)
    {
        var read = clock.GetTimestamp();
        var settings = await database.ReadAsync(async connection =>
        {
            var inactive = ImmutableHashSet.CreateBuilder<string>();
            var profiles = ImmutableDictionary.CreateBuilder<string, HotpProfile>();
            await using var command = connection.Command("SELECT key, document FROM organization");
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                var (key, document) = (rows.GetString(0), (byte[])rows[1]);
                if (key.StartsWith(FactorPrefix, StringComparison.Ordinal))
                {
                    if (!JsonSerializer.Deserialize(document, OrganizationJson.Default.Boolean)) inactive.Add(key[FactorPrefix.Length..]);
                }
                else if (key.StartsWith(ProfilePrefix, StringComparison.Ordinal))
                {
                    var profile = JsonSerializer.Deserialize(document, OrganizationJson.Default.HotpProfile)!;
                    profiles[profile.Id] = profile;
                }
            }
            return new OrganizationSettings { Name = name, InactiveFactors = inactive.ToImmutable(), HotpProfiles = profiles.ToImmutable() };
        }, cancellationToken);
        _remembered = Tuple.Create(settings, read);
        return settings;
    }
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(HotpProfile))]
internal sealed partial class OrganizationJson : JsonSerializerContext;
