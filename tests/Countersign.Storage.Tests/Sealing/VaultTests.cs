using System.Security.Cryptography;
using Countersign.Sealing;
using Countersign.Settings;
using Countersign.Testing;
using CsCheck;

namespace Countersign.Storage.Tests.Sealing;

public sealed class VaultTests
{
    [Fact]
    public async Task What_is_sealed_opens_for_its_owner_only_and_whole_only()
    {
        await using var store = new Store(Engine.Sqlite);
        var vault = store.Get<IVault>();

        Gen.Byte.Array[0, SealedSecret.MaxLength].Sample(secret =>
        {
            var box = vault.Seal(secret, "00u1/ost1");
            var opened = new byte[SealedSecret.MaxLength];
            Assert.Equal(secret, opened[..vault.Open(box, "00u1/ost1", opened)]);
            Assert.ThrowsAny<CryptographicException>(() => vault.Open(box, "00u1/ost2", opened));
            var changed = (byte[])box.Clone();
            changed[RandomNumberGenerator.GetInt32(4, changed.Length)] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => vault.Open(changed, "00u1/ost1", opened));
            Assert.ThrowsAny<CryptographicException>(() => vault.Open(box.AsSpan(..^1), "00u1/ost1", opened));
        }, iter: 200, threads: 1);
    }

    [Fact]
    public async Task No_two_seals_are_alike_and_equal_secrets_are_recognised()
    {
        await using var store = new Store(Engine.Sqlite);
        var vault = store.Get<IVault>();

        Assert.NotEqual(vault.Seal([1, 2, 3], "a"), vault.Seal([1, 2, 3], "a"));
        Assert.Equal(vault.Fingerprint([1, 2, 3]), vault.Fingerprint([1, 2, 3]));
        Assert.NotEqual(vault.Fingerprint([1, 2, 3]), vault.Fingerprint([1, 2, 4]));
    }

    [Fact]
    public async Task The_master_key_is_the_owners_and_another_does_not_open_the_store()
    {
        using var place = new TestStore(Engine.Sqlite);
        await using (var store = new Store(place)) await store.AddUserAsync("ana@example.com");
        var file = Path.Combine(place.Directory, "master.key");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        File.Delete(file);

        Assert.Contains("Countersign:MasterKey", Assert.Throws<SettingsException>(() => new Store(place)).Message, StringComparison.Ordinal);
    }
}
