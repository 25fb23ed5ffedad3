using System.Collections.Immutable;
using System.Text.Json;
using Countersign.Attempts;
using Countersign.Bench.Passcodes;
using Countersign.Factors;
using Countersign.Factors.Codes;
using Countersign.Factors.Otp;
using Countersign.Sealing;
using Countersign.Storage.Users;
using Countersign.Users;

namespace Countersign.Bench.Seeding;

/// <summary>The rows of one user with an active software TOTP factor, and perhaps a second active factor, as the product itself would have written them.</summary>
internal readonly record struct SeededUser(string Id, string Login, byte[] Document, string Status, long Version, byte[] State)
{
    public static SeededUser Of(Person person, Second second, IVault vault, DateTimeOffset now)
    {
        var id = new UserId(Ids.User(person));
        var login = LoginOf(person);
        var factorId = new FactorId(Ids.Factor(person));
        var secret = person.Secret;
        // Made, enrolled and activated an hour ago: three commits, one activation tried, and its passcode used. A phone is enrolled and active with one commit more, a key with two.
        var then = now - TimeSpan.FromHours(1);
        var totp = new OtpData
        {
            Secret = vault.Seal(secret, id, factorId),
            Fingerprint = vault.Fingerprint(secret),
            CredentialId = login,
            Counter = Passcode.StepAt(then),
        };
        var state = new UserState
        {
            Id = id,
            Version = second switch { Second.Phone => 4, Second.Key => 5, _ => 3 },
            Status = UserStatus.Active,
            StatusChanged = then,
            Login = login,
            Attempts = new AttemptCounts(0, 0, default, new AttemptWindow(then.ToUnixTimeSeconds(), 1)),
            DisplayName = $"Given{person.Number} Family{person.Number}",
            Factors =
            [
                new Factor
                {
                    Id = factorId,
                    FactorType = "token:software:totp",
                    Provider = "GOOGLE",
                    Status = FactorStatus.Active,
                    Created = then,
                    LastUpdated = then,
                    Data = totp.Write(),
                },
            ],
        };
        if (second == Second.Phone) state = state.With(PhoneOf(person, then)) with { KnownPhone = person.Phone };
        if (second == Second.Key) state = state.With(KeyOf(person, then));
        var user = new User
        {
            Id = id,
            Created = then,
            Activated = then,
            LastUpdated = then,
            Profile = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>
            {
                ["login"] = login,
                ["email"] = login,
                ["firstName"] = $"Given{person.Number}",
                ["lastName"] = $"Family{person.Number}",
            }),
        };
        return new(id.Value, login, JsonSerializer.SerializeToUtf8Bytes(user, UserJson.Default.User), state.Status.Name, state.Version, UserStateCodec.Write(state));
    }

    /// <summary>The login, which is the address too.</summary>
    public static string LoginOf(Person person) => $"user{person.Number:D7}@example.com";

    /// <summary>What enrolling a number with <c>activate=true</c> leaves.</summary>
    private static Factor PhoneOf(Person person, DateTimeOffset then) => new()
    {
        Id = new FactorId(Ids.Phone(person)),
        FactorType = "sms",
        Provider = "OKTA",
        Status = FactorStatus.Active,
        Created = then,
        LastUpdated = then,
        Data = new CodeData { Phone = person.Phone, Country = "US" }.Write(),
    };

    /// <summary>What activating a key leaves in the user's state.</summary>
    private static Factor KeyOf(Person person, DateTimeOffset then) => new()
    {
        Id = new FactorId(Ids.Key(person)),
        FactorType = "webauthn",
        Provider = "FIDO",
        Status = FactorStatus.Active,
        Created = then,
        LastUpdated = then,
        Data = SigningKey.DataOf(person).Write(),
    };
}
