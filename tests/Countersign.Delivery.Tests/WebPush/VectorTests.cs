using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Countersign.Delivery.WebPush;
using Countersign.Factors.Push;
using Countersign.Testing.WebPush;

namespace Countersign.Delivery.Tests.WebPush;

/// <summary>The examples that the RFCs publish.</summary>
public sealed class VectorTests
{
    private const string Walrus = "I am the walrus";

    // RFC 8291 §5 and Appendix A.
    private const string Watermelon = "When I grow up, I want to be a watermelon";
    private const string SenderPrivate = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
    private const string SenderPublic = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
    private const string ReceiverPrivate = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
    private const string ReceiverPublic = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private const string Secret = "BTBZMqHH6r4Tts7J_aSIgg";
    private const string Salt = "DGv6ra1nlYgDCS1FRnbzlw";
    private const string Message =
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    [Fact]
    public void A_content_of_one_record_is_encoded_as_in_RFC_8188_3_1()
    {
        var (keyMaterial, salt) = (Bytes("yqdlZ-tYemfogSmv7Ws5PQ"), Bytes("I1BsxtFttlv3u_Oo94xnmw"));

        var (key, nonce) = Aes128Gcm.Derive(keyMaterial, salt);
        var encoded = Aes128Gcm.Encode(keyMaterial, salt, [], Encoding.ASCII.GetBytes(Walrus), Walrus.Length + 1);

        Assert.Equal(("_wniytB-ofscZDh4tbSjHw", "Bcs8gkIRKLI8GeI8"), (Text(key), Text(nonce)));
        Assert.Equal("I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg", Text(encoded));
    }

    // The reader that the other tests trust is itself held against the published examples, of two records too.
    [Theory]
    [InlineData("yqdlZ-tYemfogSmv7Ws5PQ", "", "I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg")]
    [InlineData("BO3ZVPxUlnLORbVGMpbT1Q", "a1", "uNCkWiNYzKTnBN9ji3-qWAAAABkCYTHOG8chz_gnvgOqdGYovxyjuqRyJFjEDyoF1Fvkj6hQPdPHI51OEUKEpgz3SsLWIqS_uA")]
    public void The_tests_own_reader_reads_RFC_8188_3_1_and_3_2(string keyMaterial, string keyId, string encoded)
    {
        var clear = PushReceiver.Decode(Bytes(encoded), id =>
        {
            Assert.Equal(keyId, Encoding.ASCII.GetString(id));
            return Bytes(keyMaterial);
        });

        Assert.Equal(Walrus, Encoding.ASCII.GetString(clear));
    }

    [Fact]
    public void A_message_is_encrypted_as_in_RFC_8291_5_with_every_value_between()
    {
        using var device = SubscriptionKeys.TryRead(new PushSubscription("https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV", ReceiverPublic, Secret))!;
        using var sender = Key(SenderPrivate, SenderPublic);

        using var devicePublic = device.Key.PublicKey;
        Assert.Equal("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs", Text(sender.DeriveRawSecretAgreement(devicePublic)));
        var keyMaterial = PushEncryption.KeyMaterial(device, sender, Bytes(SenderPublic));
        Assert.Equal("S4lYMb_L0FxCeq0WhDx813KgSYqU26kOyzWUdsXYyrg", Text(keyMaterial));
        var (key, nonce) = Aes128Gcm.Derive(keyMaterial, Bytes(Salt));
        Assert.Equal(("oIhVW04MRdy2XN9CiKLxTg", "4h_95klXJ5E_qnoN"), (Text(key), Text(nonce)));
        Assert.Equal(Message, Text(PushEncryption.Encrypt(Encoding.ASCII.GetBytes(Watermelon), device, sender, Bytes(Salt), Watermelon.Length + 1)));
    }

    [Fact]
    public void The_tests_own_reader_reads_RFC_8291_5()
    {
        using var receiver = new PushReceiver(Key(ReceiverPrivate, ReceiverPublic), Bytes(Secret));

        Assert.Equal(Watermelon, Encoding.ASCII.GetString(receiver.Read(Bytes(Message))));
    }

    [Fact]
    public void The_token_of_RFC_8292_2_4_verifies_with_its_key_by_the_reader_that_reads_ours()
    {
        var (token, key) = PushServiceCounterpart.ReadAuthorization(
            "vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0."
            + "i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs");

        Assert.Equal(["https://push.example.net"], token.Audiences);
        Assert.Equal("mailto:push@example.com", token.Subject);
        Assert.Equal("BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs", key);
    }

    // ES256 draws a number for each signature, so it is the signed text that is compared.
    [Fact]
    public void A_token_says_the_same_as_that_of_RFC_8292_2_4_byte_for_byte()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1453523768) - Vapid.TokenLife;
        using var vapid = new Vapid(Vapid.NewKey(), "mailto:push@example.com", new Microsoft.Extensions.Time.Testing.FakeTimeProvider(now));

        var authorization = vapid.Authorization(new Uri("https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"));

        Assert.StartsWith("vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.", authorization, StringComparison.Ordinal);
        var (token, key) = PushServiceCounterpart.ReadAuthorization(authorization, now);
        Assert.Equal((vapid.PublicKey, "mailto:push@example.com"), (key, token.Subject));
    }

    private static ECDiffieHellman Key(string secret, string point)
    {
        var parameters = PushReceiver.Point(Bytes(point));
        parameters.D = Bytes(secret);
        return ECDiffieHellman.Create(parameters);
    }

    private static byte[] Bytes(string text) => Base64Url.DecodeFromChars(text);

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
