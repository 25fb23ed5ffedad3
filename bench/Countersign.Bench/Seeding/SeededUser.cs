using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Bench.Passcodes;
using Countersign.Factors;
using Countersign.Factors.Otp;
using Countersign.Sealing;
using Countersign.Storage.Users;
using Countersign.Users;

namespace Countersign.Bench.Seeding;

/// <summary>The rows of one user with an active software TOTP factor, as the product itself would have written them.</summary>
internal readonly record struct SeededUser(string Id, string Login, byte[] Document, string Status, byte[] State)
{
    public static SeededUser Of(Person person, IVault vault, DateTimeOffset now)
    {
        var id = new UserId(Ids.User(person));
        var login = $"user{person.Number:D7}@example.com";
        var factorId = new FactorId(Ids.Factor(person));
        var secret = person.Secret;
        var totp = new OtpData { Secret = vault.Seal(secret, id, factorId), Fingerprint = vault.Fingerprint(secret), CredentialId = login };
        var state = new UserState
        {
            Id = id,
            Version = 1,
            Status = UserStatus.Active,
            StatusChanged = now,
            Login = login,
            DisplayName = $"Given{person.Number} Family{person.Number}",
            Factors =
            [
                new Factor
                {
                    Id = factorId,
                    FactorType = "token:software:totp",
                    Provider = "GOOGLE",
                    Status = FactorStatus.Active,
                    Created = now,
                    LastUpdated = now,
                    Data = totp.Write(),
                },
            ],
        };
        var user = new User
        {
            Id = id,
            Created = now,
            Activated = now,
            LastUpdated = now,
            Profile = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>
            {
                ["login"] = login,
                ["email"] = login,
                ["firstName"] = $"Given{person.Number}",
                ["lastName"] = $"Family{person.Number}",
            }),
        };
        return new(id.Value, login, JsonSerializer.SerializeToUtf8Bytes(user, UserJson.Default.User), state.Status.Name, UserStateCodec.Write(state));
    }
}
