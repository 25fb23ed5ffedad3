using System.Collections.Immutable;
using System.Diagnostics;
using System.Formats.Cbor;
using System.Globalization;
using Countersign.Testing.WebAuthn;
using Countersign.WebAuthn;
using Countersign.WebAuthn.Attestation;
using Countersign.WebAuthn.Metadata;
using Countersign.WebAuthn.U2f;

namespace Countersign.Tests.WebAuthn;

/// <summary>
/// Throws spoiled messages at everything that reads what clients send: the same few thousand in every run, and new ones for as long as <c>COUNTERSIGN_FUZZ_SECONDS</c> says.
/// Whatever comes, nothing is thrown, little is allocated, and nothing takes long.
/// </summary>
public sealed class ParserFuzzTests
{
    private const int Rounds = 4_000;
    private const long MostAllocated = 4 * 1024 * 1024;
    private const string Origin = "https://login.example.com", RpId = "example.com", Challenge = "pQ7xR2mVbN0sKfYc1LdT";
    private static readonly DateTimeOffset Now = PublishedVectors.Now;
    private static readonly RelyingParty Party = new()
    {
        RpIds = [RpId, "example.org"],
        Origins = ImmutableHashSet.Create(Origin, "https://example.org"),
        TopOrigins = ImmutableHashSet<string>.Empty,
        AppId = Origin,
        Attestation = new AttestationPolicy { AllowsSafetyNet = true },
    };

    private readonly List<(string Name, byte[][] Corpus, Action<byte[]> Read)> _targets = Targets();

    public static TheoryData<string> Names => [.. Targets().Select(target => target.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Whatever_comes_is_read_or_refused(string name)
    {
        var (_, corpus, read) = _targets.Single(target => target.Name == name);
        foreach (var whole in corpus) Feed(read, whole, "the corpus itself");
        var random = new Dice(0x9E3779B97F4A7C15);
        for (var round = 0; round < Rounds; round++) Feed(read, Spoil(corpus, ref random), $"round {round}");

        var seconds = int.Parse(Environment.GetEnvironmentVariable("COUNTERSIGN_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        if (seconds == 0) return;
        var (watch, slowest, count) = (Stopwatch.StartNew(), TimeSpan.Zero, 0L);
        random = new Dice((ulong)Stopwatch.GetTimestamp());
        var share = TimeSpan.FromSeconds((double)seconds / _targets.Count);
        for (; watch.Elapsed < share; count++)
        {
            var input = Spoil(corpus, ref random);
            var began = watch.Elapsed;
            Feed(read, input, $"{Convert.ToHexString(input)}");
            if (watch.Elapsed - began > slowest) slowest = watch.Elapsed - began;
        }
        Console.WriteLine($"{name}: {count} inputs in {watch.Elapsed.TotalSeconds:0} s, the slowest took {slowest.TotalMilliseconds:0.0} ms");
        Assert.True(slowest < TimeSpan.FromSeconds(5), $"an input took {slowest}");
    }

    private static void Feed(Action<byte[]> read, byte[] input, string what)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read(input);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{what}: {Convert.ToHexString(input)}", exception);
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < MostAllocated, $"{what} allocated {allocated} bytes: {Convert.ToHexString(input)}");
    }

    private static List<(string Name, byte[][] Corpus, Action<byte[]> Read)> Targets()
    {
        var vectors = PublishedVectors.All.Values.ToList();
        using var key = new SoftwareAuthenticator();
        using var by = new SoftwareAttestation(Now, new AttestationCertificate { Host = "attest.android.com" });
        var safetyNet = key.Register(Challenge, Origin, RpId, "android-safetynet", by);
        var packed = key.Register(Challenge, Origin, RpId, "packed", by);
        var (u2fClient, u2fMessage) = key.RegisterU2f(Challenge, Origin, Origin, by);
        var u2fAnswer = key.SignU2f(Challenge, Origin, Origin);
        byte[][] attestations = [.. vectors.Select(vector => vector.Registration.AttestationObject.ToArray()), safetyNet.Attestation, packed.Attestation];
        byte[][] data = [.. vectors.Select(vector => vector.AssertionData), .. attestations.Select(attestation => AttestationObject.TryParse(attestation)!.AuthenticatorData.ToArray())];
        byte[][] clients = [.. vectors.Select(vector => vector.AssertionClientData), .. vectors.Select(vector => vector.Registration.ClientData.ToArray())];
        byte[][] keys = [.. data.Select(bytes => AuthenticatorData.TryParse(bytes, out var parsed) && parsed.HasCredential ? parsed.PublicKey.ToArray() : []).Where(cose => cose.Length > 0)];
        var signatures = vectors.Select(vector => vector.Signature).ToArray();
        var readable = keys.Select(cose => CredentialPublicKey.TryRead(cose, out var one) == WebAuthnFault.None ? one : null).OfType<CredentialPublicKey>().ToArray();
        var statements = attestations.Select(attestation => Statement(attestation)).ToArray();
        return
        [
            ("CBOR", [.. attestations, .. keys], bytes => Cbor.TryLength(bytes, CborReaderState.StartMap, out _)),
            ("client data", clients, bytes => _ = ClientData.TryParse(bytes, out _)),
            ("authenticator data", data, bytes => _ = AuthenticatorData.TryParse(bytes, out _)),
            ("public keys", keys, bytes =>
            {
                CredentialPublicKey.TryRead(bytes, out var read);
                read?.Dispose();
            }),
            // The client data is in order, so that the attestation object is reached.
            ("attestation objects", attestations, bytes => Registration.Verify(new RegistrationInput(Challenge, packed.ClientData, bytes), Party, Now)),
            ("attestation statements", statements, bytes => Registration.Verify(new RegistrationInput(Challenge, packed.ClientData, Rejoined(packed.Attestation, bytes)), Party, Now)),
            ("signatures", signatures, bytes =>
            {
                foreach (var one in readable) one.Verify([1, 2, 3], bytes);
            }),
            ("U2F registrations", [u2fMessage], bytes => U2fRegistration.Verify(Challenge, u2fClient, bytes, Party, Now)),
            ("U2F answers", [u2fAnswer.Signature], bytes => U2fAssertion.Verify(Challenge, u2fAnswer.ClientData, bytes, readable[0], 0, Party)),
            ("signed JSON", [by.SignJson("""{"no":1,"nextUpdate":"2026-04-01","entries":[]}"""), by.SafetyNet([1, 2, 3])], bytes => SignedJson.TryParse(bytes)),
        ];
    }

    /// <summary>The format's name and the statement of an attestation object, as CBOR one after the other.</summary>
    private static byte[] Statement(byte[] attestation)
    {
        var reader = new CborReader(attestation);
        reader.ReadStartMap();
        byte[] format = [], statement = [];
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            switch (reader.ReadTextString())
            {
                case "fmt": format = reader.ReadEncodedValue().ToArray(); break;
                case "attStmt": statement = reader.ReadEncodedValue().ToArray(); break;
                default: reader.SkipValue(); break;
            }
        }
        return [.. format, .. statement];
    }

    /// <summary>An attestation object with the authenticator data of one and a spoiled format and statement.</summary>
    private static byte[] Rejoined(byte[] attestation, byte[] formatAndStatement)
    {
        byte[] data = [.. AttestationObject.TryParse(attestation)!.AuthenticatorData.Span];
        var length = Cbor.TryLength(formatAndStatement, CborReaderState.TextString, out var format) ? format : Math.Min(1, formatAndStatement.Length);
        return [0xA3, 0x63, .. "fmt"u8, .. formatAndStatement.AsSpan(0, length), 0x67, .. "attStmt"u8, .. formatAndStatement.AsSpan(length), 0x68, .. "authData"u8, 0x59, (byte)(data.Length >> 8), (byte)data.Length, .. data];
    }

    private static byte[] Spoil(byte[][] corpus, ref Dice random)
    {
        List<byte> bytes = [.. corpus[random.Below(corpus.Length)]];
        for (var changes = 1 + random.Below(4); changes > 0; changes--)
        {
            var at = bytes.Count == 0 ? 0 : random.Below(bytes.Count);
            switch (bytes.Count == 0 ? 3 : random.Below(8))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Below(8)); break;
                case 1: bytes[at] = (byte)random.Below(256); break;
                case 2: bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + random.Below(16))); break;
                case 3: bytes.Insert(at, (byte)random.Below(256)); break;
                case 4: bytes.RemoveRange(at, bytes.Count - at); break;
                // Heads of CBOR with lengths that nothing keeps, of items within items, and of items without end.
                case 5: bytes[at] = (byte)(random.Below(8) << 5 | 24 + random.Below(8)); break;
                case 6: bytes.InsertRange(at, Enumerable.Repeat((byte)(random.Below(2) == 0 ? 0x9F : 0x81), random.Below(2_000))); break;
                default:
                    var other = corpus[random.Below(corpus.Length)];
                    var from = random.Below(other.Length);
                    bytes.InsertRange(at, other[from..Math.Min(other.Length, from + random.Below(200))]);
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Chance that is the same in every run (xorshift64*).</summary>
    private struct Dice(ulong seed)
    {
        private ulong _state = seed | 1;

        public int Below(int bound)
        {
            _state ^= _state >> 12;
            _state ^= _state << 25;
            _state ^= _state >> 27;
            return (int)((_state * 0x2545F4914F6CDD1D >> 33) % (ulong)bound);
        }
    }
}
