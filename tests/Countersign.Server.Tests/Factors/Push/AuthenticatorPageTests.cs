using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Countersign.Testing.Authenticator;

namespace Countersign.Server.Tests.Factors.Push;

/// <summary>What the page on the protocol says is what the authenticator that was made from it alone does.</summary>
public sealed partial class AuthenticatorPageTests
{
    private static readonly string Page = File.ReadAllText(System.IO.Path.Combine(Repository.Path, "docs", "authenticator-protocol.md"));

    [Theory]
    [InlineData("register")]
    [InlineData("request")]
    [InlineData("answer")]
    public void The_statements_of_the_page_are_made_signed_and_verified_as_it_says(string kind)
    {
        using var key = PageKey();
        var section = Page[Page.IndexOf($"**`{kind}`** over", StringComparison.Ordinal)..];
        var texts = JsonSerializer.Deserialize<string[]>(Block().Match(section).Groups[1].Value)!;
        var row = Bytes().Match(section);
        var statement = Statement.Write(texts);

        Assert.Equal(kind, texts[0]);
        Assert.Equal(row.Groups[1].Value, statement.Length.ToString());
        Assert.StartsWith(row.Groups[2].Value, Convert.ToHexStringLower(statement), StringComparison.Ordinal);
        Assert.Equal(Digest().Match(section).Groups[1].Value, Convert.ToHexStringLower(SHA256.HashData(statement)));
        Assert.True(Statement.Verifies(key, statement, Signature().Match(section).Groups[1].Value));
        Assert.True(Statement.Verifies(key, statement, Statement.Sign(key, statement)));
        for (var i = 0; i < texts.Length; i++)
        {
            var spoilt = texts.Select((text, index) => index == i ? text + "x" : text);
            Assert.False(Statement.Verifies(key, Statement.Write(spoilt), Signature().Match(section).Groups[1].Value));
        }
    }

    [Fact]
    public void The_thumbprint_is_the_pages()
    {
        using var key = PageKey();

        Assert.Contains($"its thumbprint is `{key.Thumbprint()}`", Page, StringComparison.Ordinal);
        Assert.Contains($"\"{key.Thumbprint()}\"", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_lists_of_texts_are_the_same_bytes()
        => Assert.NotEqual(Statement.Write("answer", "ab", "c"), Statement.Write("answer", "a", "bc"));

    /// <summary>RFC 8291 §5 and appendix A.</summary>
    [Fact]
    public void A_message_is_decrypted_as_the_RFC_does()
    {
        var point = Decode("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        using var receiver = new PushReceiver(
            ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Decode("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), Q = new ECPoint { X = point[1..33], Y = point[33..] } }),
            Decode("BTBZMqHH6r4Tts7J_aSIgg"));
        var message = Decode("DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN");

        Assert.Equal("When I grow up, I want to be a watermelon", Encoding.UTF8.GetString(receiver.Decrypt(message)));
        message[^1] ^= 1;
        Assert.ThrowsAny<CryptographicException>(() => receiver.Decrypt(message));
    }

    /// <summary>RFC 7515 A.3.1.</summary>
    private static ECDsa PageKey() => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"), Y = Decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0") },
        D = Decode("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
    });

    private static byte[] Decode(string text) => Base64Url.DecodeFromChars(text);

    [GeneratedRegex(@"```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\| bytes \| (\d+), the first of them `([0-9a-f]+)…`")]
    private static partial Regex Bytes();

    [GeneratedRegex(@"\| SHA-256 of them \| `([0-9a-f]{64})`")]
    private static partial Regex Digest();

    [GeneratedRegex(@"\| a signature \| `([A-Za-z0-9_-]{86})`")]
    private static partial Regex Signature();
}
