using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Countersign.Sealing;

namespace Countersign.Storage.Sealing;

/// <summary>
/// Seals secrets under the newest data key: key id (4 bytes), nonce (12), ciphertext, tag (16), bound to the owner's name as associated data.
/// Thread-safe.
/// </summary>
internal sealed class Vault : IVault, IDisposable
{
    private const int IdLength = 4, NonceLength = 12, TagLength = 16, Overhead = IdLength + NonceLength + TagLength;

    /// <summary>How long a node seals with the newest key that it knows before it looks for a newer one.</summary>
    public static readonly TimeSpan KeysAreCurrentFor = TimeSpan.FromSeconds(5);

    private readonly Func<DataKeys> _load;
    private readonly TimeProvider _clock;
    private readonly ThreadLocal<Dictionary<int, AesGcm>> _ciphers = new(() => [], trackAllValues: true);
    private readonly Lock _reloading = new();
    private volatile DataKeys _keys;
    private long _loadedAt;
    private int _disposed;

    /// <param name="load">Reads the data keys as they now are; called again when a secret names a key that is not known yet.</param>
    /// <param name="clock">Says how long ago that was.</param>
    public Vault(Func<DataKeys> load, TimeProvider clock)
    {
        (_load, _clock, _loadedAt) = (load, clock, clock.GetTimestamp());
        _keys = load();
    }

    /// <summary>The number of the key that seals now, as far as is known here.</summary>
    public int CurrentKey => _keys.Current;

    public byte[] LogKey => _keys.Log;

    /// <summary>Reads the keys again, so that what is sealed from now on is sealed under the newest.</summary>
    public void Reload()
    {
        lock (_reloading)
        {
            var began = _clock.GetTimestamp();
            _keys = _load();
            Volatile.Write(ref _loadedAt, began);
        }
    }

    public byte[] Seal(ReadOnlySpan<byte> secret, string owner)
    {
        if (_clock.GetElapsedTime(Volatile.Read(ref _loadedAt)) > KeysAreCurrentFor) Reload();
        var keys = _keys;
        var result = new byte[Overhead + secret.Length];
        BinaryPrimitives.WriteInt32BigEndian(result, keys.Current);
        var nonce = result.AsSpan(IdLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        Cipher(keys, keys.Current).Encrypt(nonce, secret, result.AsSpan(IdLength + NonceLength, secret.Length), result.AsSpan(^TagLength..), Encoding.UTF8.GetBytes(owner));
        return result;
    }

    public int Open(ReadOnlySpan<byte> sealedSecret, string owner, Span<byte> secret)
    {
        if (sealedSecret.Length < Overhead) throw new CryptographicException("too short for a sealed secret");
        var id = BinaryPrimitives.ReadInt32BigEndian(sealedSecret);
        if (!_keys.Sealing.ContainsKey(id)) Reload();
        var length = sealedSecret.Length - Overhead;
        Span<byte> associated = stackalloc byte[128];
        associated = associated[..Encoding.UTF8.GetBytes(owner, associated)];
        Cipher(_keys, id).Decrypt(sealedSecret.Slice(IdLength, NonceLength), sealedSecret.Slice(IdLength + NonceLength, length), sealedSecret[^TagLength..], secret[..length], associated);
        return length;
    }

    /// <summary>Opens a secret of any length.</summary>
    public byte[] Open(byte[] sealedSecret, string owner)
    {
        if (sealedSecret.Length < Overhead) throw new CryptographicException("too short for a sealed secret");
        var secret = new byte[sealedSecret.Length - Overhead];
        Open(sealedSecret, owner, secret);
        return secret;
    }

    public string Fingerprint(ReadOnlySpan<byte> secret) => Convert.ToBase64String(HMACSHA256.HashData(_keys.Fingerprint, secret), 0, 16);

    public bool IsOutdated(ReadOnlySpan<byte> sealedSecret) => BinaryPrimitives.ReadInt32BigEndian(sealedSecret) != _keys.Current;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;   // the container knows it by two names
        foreach (var ciphers in _ciphers.Values)
            foreach (var cipher in ciphers.Values) cipher.Dispose();
        _ciphers.Dispose();
    }

    // A cipher keeps its key schedule, and is for one thread at a time.
    private AesGcm Cipher(DataKeys keys, int id)
    {
        var ciphers = _ciphers.Value!;
        if (ciphers.TryGetValue(id, out var cipher)) return cipher;
        if (!keys.Sealing.TryGetValue(id, out var key)) throw new CryptographicException($"data key {id} is gone");
        return ciphers[id] = new AesGcm(key, TagLength);
    }
}

/// <summary>The data keys in the clear, in memory only.</summary>
/// <param name="Sealing">The keys that seal, by id.</param>
/// <param name="Current">The id of the one that seals now.</param>
/// <param name="Fingerprint">The key of fingerprints.</param>
/// <param name="Log">The key of the log's chain.</param>
internal sealed record DataKeys(FrozenDictionary<int, byte[]> Sealing, int Current, byte[] Fingerprint, byte[] Log);
