using System.Buffers.Binary;
using System.Text;
using Countersign.Delivery.Radius;
using CsCheck;

namespace Countersign.Delivery.Tests.Radius;

public sealed class RadiusPacketTests
{
    private static readonly byte[] Secret = "xyzzy5461"u8.ToArray();
    private static readonly byte[] Authenticator = Convert.FromHexString("0F403F9473978057BD83D5CB98F4227A");

    [Theory]
    [InlineData("arctangent", "0F403F9473978057BD83D5CB98F4227A", "0DBE708D93D413CE3196E43F782A0AEE")]   // RFC 2865 §7.1
    [InlineData("challenge", "F3A47A1F6A6D76710B947AB93041A039", "33657573778289B570885E15084825C5")]   // RFC 2865 §7.3
    public void A_password_is_hidden_as_in_section_7(string password, string authenticator, string hidden)
    {
        var block = new byte[16];

        RadiusCrypto.Hide(Encoding.ASCII.GetBytes(password), Secret, Convert.FromHexString(authenticator), block);

        Assert.Equal(hidden, Convert.ToHexString(block));
    }

    [Theory, InlineData(0, 16), InlineData(1, 16), InlineData(16, 16), InlineData(17, 32), InlineData(128, 128)]
    public void A_hidden_password_has_whole_blocks(int length, int hidden) => Assert.Equal(hidden, RadiusCrypto.HiddenLength(length));

    [Fact]
    public void Each_block_of_a_long_password_is_hidden_by_the_one_before()
        => Gen.Byte.Array[1, 128].Sample(password =>
        {
            var hidden = new byte[RadiusCrypto.HiddenLength(password.Length)];
            RadiusCrypto.Hide(password, Secret, Authenticator, hidden);

            // RFC 2865 §5.2, the other way round: p(i) = c(i) xor MD5(S + c(i-1)).
            var shown = new byte[hidden.Length];
            for (var at = 0; at < hidden.Length; at += 16)
                RadiusCrypto.Hide(hidden.AsSpan(at, 16), Secret, at == 0 ? Authenticator : hidden.AsSpan(at - 16, 16), shown.AsSpan(at, 16));
            return shown.AsSpan(0, password.Length).SequenceEqual(password) && shown.AsSpan(password.Length).IndexOfAnyExcept((byte)0) < 0;
        });

    [Theory]
    // RFC 2865 §7.1, §7.2 and §7.3.
    [InlineData(0, "0F403F9473978057BD83D5CB98F4227A", "0200002686FE220E7624BA2A1005F6BF9B55E0B20606000000010F06000000000E06C0A80103", 2, "", null)]
    [InlineData(1, "2AEE86F08D0D55969CA5978E0D3367A2", "0201003815EFBC7DAB26CFA3DC34D9C03C8601A40606000000020706000000010806FFFFFFFE0A06000000020D06000000010C06000005DC", 2, "", null)]
    [InlineData(2, "F3A47A1F6A6D76710B947AB93041A039", "0B02004E36F3C8764AE8C71157403C0C71FF9C4512304368616C6C656E67652033323736393433302E2020456E74657220726573706F6E73652061742070726F6D70742E180A3332373639343330",
        11, "3332373639343330", "Challenge 32769430.  Enter response at prompt.")]
    [InlineData(3, "B122556D428A13D0D6253807C457ECF0", "03030014A42F4FCA45916C4E09C8340F9E746AA0", 3, "", null)]
    public void An_answer_is_read_as_in_section_7(byte identifier, string authenticator, string packet, byte code, string state, string? message)
    {
        var fault = AccessAnswer.Read(Convert.FromHexString(packet), identifier, Convert.FromHexString(authenticator), Secret, requiresMessageAuthenticator: false, out var answer);

        Assert.Equal(RadiusFault.None, fault);
        Assert.Equal(((RadiusCode)code, state, message), (answer!.Code, Convert.ToHexString(answer.State), answer.Message));
    }

    [Fact]
    public void A_message_authenticator_is_that_of_RFC_5997_section_6_1()
    {
        var packet = Convert.FromHexString("0CDA00268A54F4686FB394C52866E302185D062350125A665E2E1E8411F3E243822097C84FA3");
        var value = new byte[16];

        RadiusCrypto.MessageAuthenticator(packet, 22, packet.AsSpan(4, 16), Secret, value);

        Assert.Equal("5A665E2E1E8411F3E243822097C84FA3", Convert.ToHexString(value));
    }

    [Fact]
    public void A_request_is_laid_out_with_its_message_authenticator_first()
    {
        var request = new AccessRequest { UserName = "nemo", Password = "arctangent", NasIdentifier = "cs", CallingStationId = "192.0.2.7", State = new byte[] { 1, 0, 255 } };

        var packet = request.Write(7, Authenticator, Secret);

        Assert.Equal("01" + "07" + "0058" + "0F403F9473978057BD83D5CB98F4227A" + "5012", Convert.ToHexString(packet)[..44]);
        Assert.Equal("01066E656D6F"
            + "02120DBE708D93D413CE3196E43F782A0AEE"
            + "20046373"
            + "3D0600000005"
            + "1F0B3139322E302E322E37"
            + "18050100FF", Convert.ToHexString(packet)[(2 * 38)..]);
        var check = new byte[16];
        RadiusCrypto.MessageAuthenticator(packet, 22, Authenticator, Secret, check);
        Assert.Equal(check, packet[22..38]);
    }

    [Fact]
    public void A_request_without_what_is_not_known_leaves_it_out()
    {
        var packet = new AccessRequest { UserName = "nemo", Password = "", NasIdentifier = "cs" }.Write(7, Authenticator, Secret);

        var types = new List<RadiusAttribute>();
        var reader = new AttributeReader(packet);
        while (reader.Read()) types.Add(reader.Type);
        Assert.False(reader.IsBroken);
        Assert.Equal([RadiusAttribute.MessageAuthenticator, RadiusAttribute.UserName, RadiusAttribute.UserPassword, RadiusAttribute.NasIdentifier, RadiusAttribute.NasPortType], types);
    }

    [Fact]
    public void An_answer_that_is_right_in_all_is_read()
    {
        Assert.Equal(RadiusFault.None, Read(Answer.Right().Bytes(), out var answer));

        Assert.Equal((RadiusCode.AccessChallenge, "0708", "Enter the next code"), (answer!.Code, Convert.ToHexString(answer.State), answer.Message));
    }

    public static TheoryData<string, Action<Answer>> Spoiled => new()
    {
        { "Code", answer => answer.Code = 4 },
        { "Code", answer => answer.Code = 1 },
        { "Identifier", answer => answer.Identifier++ },
        { "Length", answer => answer.Length = 19 },
        { "Length", answer => answer.Length = 4097 },
        { "Length", answer => answer.Length = 300 },
        { "Authenticator", answer => answer.Secret = "xyzzy5462"u8.ToArray() },
        { "Authenticator", answer => answer.RequestAuthenticator = new byte[16] },
        { "Authenticator", answer => answer.After = packet => packet[4] ^= 1 },
        { "Authenticator", answer => answer.After = packet => packet[19] ^= 0x80 },
        { "Authenticator", answer => answer.After = packet => packet[^1] ^= 1 },
        { "Authenticator", answer => answer.After = packet => packet[0] = 2 },
        { "MessageAuthenticator", answer => answer.MessageSecret = "xyzzy5462"u8.ToArray() },
        { "NoMessageAuthenticator", answer => answer.HasMessageAuthenticator = false },
        { "Attribute", answer => answer.Attributes.Add([80, 17, .. new byte[15]]) },
        { "Attribute", answer => answer.Attributes.Add([80, 2]) },
        { "Unasked", answer => answer.Attributes.Add([80, 18, .. new byte[16]]) },
        { "Unasked", answer => answer.Attributes.Add([24, 3, 1]) },
        { "Unasked", answer => answer.Attributes.Add([33, 3, 1]) },
        { "Attribute", answer => answer.Attributes.Add([18]) },
        { "Attribute", answer => answer.Attributes.Add([18, 0]) },
        { "Attribute", answer => answer.Attributes.Add([18, 1]) },
        { "Attribute", answer => answer.Attributes.Add([18, 4, 65]) },
        { "Attribute", answer => answer.Attributes.Insert(0, [18, 255]) },
    };

    [Theory, MemberData(nameof(Spoiled))]
    public void An_answer_with_one_thing_spoiled_is_passed_over(string fault, Action<Answer> spoil)
    {
        var answer = Answer.Right();
        spoil(answer);

        Assert.Equal(fault, Read(answer.Bytes(), out var read).ToString());
        Assert.Null(read);
    }

    [Fact]
    public void An_answer_that_is_cut_off_anywhere_is_passed_over()
    {
        var packet = Answer.Right().Bytes();

        for (var length = 0; length < packet.Length; length++) Assert.Equal(RadiusFault.Length, Read(packet.AsSpan(0, length), out _));
    }

    [Fact]
    public void Octets_after_a_packet_are_padding() => Assert.Equal(RadiusFault.None, Read([.. Answer.Right().Bytes(), 1, 2, 3], out _));

    [Fact]
    public void A_message_is_told_without_what_is_no_text()
    {
        var answer = Answer.Right();
        answer.Attributes[1] = [18, 20, .. Encoding.UTF8.GetBytes("\u001b[31mNow\r\n\u202eyou\u0000"), 0xff];

        Assert.Equal(RadiusFault.None, Read(answer.Bytes(), out var read));
        Assert.Equal("[31mNow   you \ufffd", read!.Message);
    }

    [Fact]
    public void A_long_message_is_cut()
    {
        var answer = Answer.Right();
        answer.Attributes[1] = [18, 255, .. Encoding.ASCII.GetBytes(new string('a', 253))];

        Read(answer.Bytes(), out var read);

        Assert.Equal(AccessAnswer.LongestMessage, read!.Message!.Length);
    }

    [Fact]
    public void No_octets_make_the_reader_throw()
        => Gen.Select(Gen.Byte.Array[0, 200], Gen.Byte, Gen.Bool).Sample((packet, identifier, says) =>
        {
            // Half of them say their length, so that their attributes are looked at.
            if (says && packet.Length >= 4)
            {
                packet[0] = (byte)(packet[0] % 2 + 2);
                packet[1] = identifier;
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
            }
            return AccessAnswer.Read(packet, identifier, Authenticator, Secret, requiresMessageAuthenticator: true, out var answer) != RadiusFault.None && answer is null;
        });

    [Fact]
    public void No_bit_of_an_answer_can_be_changed()
    {
        var right = Answer.Right().Bytes();

        for (var bit = 0; bit < 8 * right.Length; bit++)
        {
            var packet = (byte[])right.Clone();
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(RadiusFault.None, Read(packet, out _));
        }
    }

    private static RadiusFault Read(ReadOnlySpan<byte> packet, out AccessAnswer? answer)
        => AccessAnswer.Read(packet, 7, Authenticator, Secret, requiresMessageAuthenticator: true, out answer);

    /// <summary>An answer as a server makes it, and what a test spoils of it.</summary>
    public sealed class Answer
    {
        public byte Code { get; set; }
        public byte Identifier { get; set; }
        public int? Length { get; set; }
        public byte[] Secret { get; set; } = [];
        public byte[]? MessageSecret { get; set; }
        public byte[] RequestAuthenticator { get; set; } = [];
        public bool HasMessageAuthenticator { get; set; } = true;
        public List<byte[]> Attributes { get; } = [];
        public Action<byte[]>? After { get; set; }

        public static Answer Right() => new()
        {
            Code = 11,
            Identifier = 7,
            Secret = RadiusPacketTests.Secret,
            RequestAuthenticator = Authenticator,
            Attributes = { (byte[])[24, 4, 7, 8], (byte[])[18, 21, .. "Enter the next code"u8] },
        };

        public byte[] Bytes()
        {
            byte[] packet = [Code, Identifier, 0, 0, .. new byte[16], .. HasMessageAuthenticator ? (byte[])[80, 18, .. new byte[16]] : [], .. Attributes.SelectMany(attribute => attribute)];
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)(Length ?? packet.Length));
            // RFC 3579 §3.2: the request's authenticator is in its place while this is made.
            if (HasMessageAuthenticator) RadiusCrypto.MessageAuthenticator(packet, 22, RequestAuthenticator, MessageSecret ?? Secret, packet.AsSpan(22, 16));
            RadiusCrypto.ResponseAuthenticator(packet, RequestAuthenticator, Secret, packet.AsSpan(4, 16));
            After?.Invoke(packet);
            return packet;
        }
    }
}
