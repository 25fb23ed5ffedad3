using System.Security.Cryptography;
using Countersign.Factors;
using Countersign.Factors.Push;
using Countersign.Users;

namespace Countersign.Tests.Factors.Push;

/// <summary>The vectors of docs/authenticator-protocol.md, which were made by another program.</summary>
public sealed class StatementTests
{
    private const string Origin = "https://mfa.example.com";
    private static readonly DeviceKey Key = new("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
    private static readonly UserId User = new("00uAqF3kVb2mXcZ0dS4R");
    private static readonly FactorId Factor = new("opf2Lc7yVb4sMkHj90h7");

    [Fact]
    public void The_thumbprint_is_as_published() => Assert.Equal("oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U", Key.Thumbprint);

    [Fact]
    public void A_registration_is_as_published() => Check(
        Statement.Register(Origin, "00uAqF3kVb2mXcZ0dS4R.opf2Lc7yVb4sMkHj90h7.8mQ2kd0vTnCw1YxPzR5hLg.bWFj", Key, new DeviceDescription("Inés’s phone", "SmartPhone_Android", "ANDROID", "16")),
        248, "20f1dbc09f98ba5723321ccc4b099e7f37bb6b5c1f0ac594067ab0f471722601", "i29-wiTZUWYOIRz7JRMdvrKgVa1W-tOaLO8nbBbhZ6gzdQ2ua8Jua2mH7qRKPUTKkcNQdBCWTuJd7VoQw5Z_4A");

    [Fact]
    public void A_devices_request_is_as_published() => Check(
        Statement.Request(Origin, new DeviceProof(User, Factor, "1772703667000", ""), "GET", "/countersign/v1/authenticator/requests", []),
        230, "b2e675c08a8be6e3ad4b5df42e0c2973de42a69d19a94f4a89319763c3e2f5ba", "YEIZVl-cAso-eB1WHqWVSz8ZbcIauUavM7j5focKtHZzOUigX3pej88x_0TyvSJVrDvQ2zORRb93IsH3nP4vUA");

    [Fact]
    public void An_answer_is_as_published() => Check(
        Statement.Answer(Origin, User.Value, Factor.Value, new PushRequest
        {
            TransactionId = "v2mst.8mQ2kd0vTnCw1YxPzR5hLg",
            CreatedAt = "2026-03-05T09:41:07.000Z",
            ExpiresAt = "2026-03-05T09:46:07.000Z",
            Expires = default,
            Application = "Payroll",
            Address = "203.0.113.7",
            UserAgent = "Mozilla/5.0",
            Number = "typed",
        }, "approve", "72"),
        275, "dcad70ec6b4e80ccef3cea0d653a101d10b40fe68e82965ef40db3cf7c51c9ce", "clGgOqQ0a3MHWclzU-8tRnB5g1BiRKq4EPuxc0-eRvwYVmOcm1tg-aoKkvVxPUwQ4HoO0E7i6DGF0wahyOtIxA");

    [Theory]
    [InlineData("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1")]   // not the way to write these bytes
    [InlineData("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5aA")]   // not on the curve
    [InlineData("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVE", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")]
    [InlineData("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU=", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")]
    [InlineData("", "")]
    public void What_is_no_point_of_the_curve_is_no_key(string x, string y) => Assert.False(new DeviceKey(x, y).IsValid());

    [Theory]
    [InlineData("00uAqF3kVb2mXcZ0dS4R.opf2Lc7yVb4sMkHj90h7.1772703667000.c2ln", true)]
    [InlineData("00uAqF3kVb2mXcZ0dS4R.ost2Lc7yVb4sMkHj90h7.1772703667000.c2ln", false)]
    [InlineData("00uAqF3kVb2mXcZ0dS4.opf2Lc7yVb4sMkHj90h7.1772703667000.c2ln", false)]
    [InlineData("00uAqF3kVb2mXcZ0dS4R.opf2Lc7yVb4sMkHj90h7.-1772703667000.c2ln", false)]
    [InlineData("00uAqF3kVb2mXcZ0dS4R.opf2Lc7yVb4sMkHj90h7.177270366700000.c2ln", false)]
    [InlineData("00uAqF3kVb2mXcZ0dS4R.opf2Lc7yVb4sMkHj90h7..c2ln", false)]
    [InlineData("00uAqF3kVb2mXcZ0dS4R.opf2Lc7yVb4sMkHj90h7.1772703667000", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_proof_has_a_form(string? text, bool isOne) => Assert.Equal(isOne, DeviceProof.Read(text) is not null);

    private static void Check(byte[] statement, int length, string sha256, string signature)
    {
        Assert.Equal(length, statement.Length);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(statement)));
        Assert.True(Key.Verify(statement, signature));
        statement[^1] ^= 1;
        Assert.False(Key.Verify(statement, signature));
    }
}
