using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.HardwareTokens;

/// <summary>What tests of hardware tokens do over and over.</summary>
internal static class TokenClient
{
    public const string YubiKeys = "/api/v1/org/factors/yubikey_token/tokens", OathTokens = "/countersign/v1/oath-tokens";

    extension(CountersignApp app)
    {
        /// <summary>Uploads a key's seed.</summary>
        public Task<Answer> UploadAsync(SoftwareYubiKey key, string? publicId = null) => app.PostAsync(YubiKeys, Seed(key, publicId));

        /// <summary>Enrolls a key by an OTP.</summary>
        public Task<Answer> EnrollYubiKeyAsync(string user, string otp) => app.PostAsync($"/api/v1/users/{user}/factors", new JsonObject
        {
            ["factorType"] = "token:hardware",
            ["provider"] = "YUBICO",
            ["verify"] = new JsonObject { ["passCode"] = otp },
        });

        /// <summary>Enrolls an OATH token of the inventory.</summary>
        public Task<Answer> EnrollOathAsync(string user, string serial, string? keyId = null, string? profileId = null)
        {
            var body = new JsonObject { ["factorType"] = "token:hotp", ["provider"] = "CUSTOM", ["profile"] = new JsonObject { ["serialNumber"] = serial } };
            if (keyId is not null) body["profile"]!["keyId"] = keyId;
            if (profileId is not null) body["factorProfileId"] = profileId;
            return app.PostAsync($"/api/v1/users/{user}/factors?activate=true", body);
        }

        /// <summary>Verifies a user's factor.</summary>
        public Task<Answer> VerifyAsync(string user, string factor, string passCode)
            => app.PostAsync($"/api/v1/users/{user}/factors/{factor}/verify", new JsonObject { ["passCode"] = passCode });

        /// <summary>Imports a file by the command line.</summary>
        public async Task<CountersignCommand> ImportAsync(string kind, string text, params string[] options)
        {
            var file = Path.Combine(app.Store.Directory, $"{Guid.NewGuid():n}.txt");
            await File.WriteAllTextAsync(file, text);
            return await CountersignCommand.RunAsync(app.Store, ["import", kind, file, .. options]);
        }

        /// <summary>Writes a file for an option of the import.</summary>
        public async Task<string> FileAsync(string text)
        {
            var file = Path.Combine(app.Store.Directory, $"{Guid.NewGuid():n}.key");
            await File.WriteAllTextAsync(file, text);
            return file;
        }
    }

    /// <summary>A key's seed as it is uploaded.</summary>
    public static JsonObject Seed(SoftwareYubiKey key, string? publicId = null) => new()
    {
        ["serialNumber"] = key.Serial.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["publicId"] = publicId ?? key.PublicId,
        ["privateId"] = key.PrivateId,
        ["aesKey"] = key.AesKey,
    };
}
