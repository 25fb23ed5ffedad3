using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Countersign.Delivery.WebPush;
using Countersign.Testing.WebPush;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Delivery.Tests.WebPush;

/// <summary>Which subscriptions are accepted, how messages look, and whom tokens are for.</summary>
public sealed class WebPushTests : IDisposable
{
    private const string Endpoint = "https://fcm.googleapis.com/fcm/send/abc";

    private readonly PushReceiver _receiver = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero));

    public void Dispose() => _receiver.Dispose();

    [Theory]
    [InlineData("https://fcm.googleapis.com/fcm/send/abc")]
    [InlineData("https://FCM.googleapis.com:443/fcm/send/abc?x=1")]
    [InlineData("https://updates.push.services.mozilla.com/wpush/v2/abc")]
    [InlineData("https://eu.push.services.mozilla.com/wpush/v2/abc")]
    [InlineData("https://db5p.notify.windows.com/w/?token=abc")]
    [InlineData("https://web.push.apple.com/abc")]
    public void A_browsers_push_service_is_allowed(string endpoint) => Assert.True(Open(new()).Accepts(_receiver.At(endpoint)));

    [Theory]
    [InlineData("http://fcm.googleapis.com/fcm/send/abc")]
    [InlineData("https://fcm.googleapis.com:8443/fcm/send/abc")]
    [InlineData("https://user@fcm.googleapis.com/fcm/send/abc")]
    [InlineData("https://fcm.googleapis.com/fcm/send/abc#x")]
    [InlineData("https://fcm.googleapis.com.evil.example/fcm/send/abc")]
    [InlineData("https://fcm.googleapis.com@evil.example/fcm/send/abc")]
    [InlineData("https://notify.windows.com/w/?token=abc")]
    [InlineData("https://evilnotify.windows.com/w/?token=abc")]
    [InlineData("https://.notify.windows.com/w/")]
    [InlineData("https://127.0.0.1/push")]
    [InlineData("https://[::1]/push")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://fcm.googleapis.com/x")]
    [InlineData("//fcm.googleapis.com/x")]
    [InlineData("https://fcm.googleapis.com/fcm/send/ä")]
    [InlineData("")]
    public void Nothing_else_is(string endpoint) => Assert.False(Open(new()).Accepts(_receiver.At(endpoint)));

    [Fact]
    public void An_endpoint_has_at_most_1000_characters()
    {
        using var webPush = Open(new());

        Assert.True(webPush.Accepts(_receiver.At(Endpoint.PadRight(1_000, 'a'))));
        Assert.False(webPush.Accepts(_receiver.At(Endpoint.PadRight(1_001, 'a'))));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9000", "http://127.0.0.1:9000/x", true)]
    [InlineData("http://127.0.0.1:9000/", "http://127.0.0.1:9000/x", true)]
    [InlineData("http://127.0.0.1:9000", "http://127.0.0.1:9001/x", false)]
    [InlineData("http://127.0.0.1:9000", "https://127.0.0.1:9000/x", false)]
    [InlineData("https://push.example.com:8443", "https://push.example.com:8443/x", true)]
    [InlineData("https://push.example.com:8443", "https://push.example.com/x", false)]
    [InlineData("http://[::1]:9000", "http://[::1]:9000/x", true)]
    [InlineData("push.example.com", "https://push.example.com/x", true)]
    [InlineData("push.example.com", "https://fcm.googleapis.com/x", false)]
    [InlineData("push.example.com", "http://push.example.com/x", false)]
    [InlineData("*.example.com", "https://a.b.example.com/x", true)]
    [InlineData("*.example.com", "https://example.com/x", false)]
    public void A_service_of_ones_own_is_allowed_as_it_is_set(string service, string endpoint, bool allowed)
    {
        var settings = new WebPushSettings { Services = [service] };

        Assert.Empty(settings.Faults());
        Assert.Equal(allowed, Open(settings).Accepts(_receiver.At(endpoint)));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.7")]
    [InlineData("[::1]")]
    [InlineData("*")]
    [InlineData("*.com")]
    [InlineData("*.*.example.com")]
    [InlineData("push.*.example.com")]
    [InlineData("push.example.com:8443")]
    [InlineData("push.example.com/path")]
    [InlineData("https://push.example.com/path")]
    [InlineData("https://push.example.com/?x")]
    [InlineData("https://user@push.example.com")]
    [InlineData("https://*.example.com")]
    [InlineData("ftp://push.example.com")]
    [InlineData(" ")]
    public void What_is_no_service_is_told_with_its_key(string service)
        => Assert.StartsWith("Services:1: found '", Assert.Single(new WebPushSettings { Services = ["push.example.com", service] }.Faults()), StringComparison.Ordinal);

    [Theory]
    [InlineData("mailto:push@example.com", true)]
    [InlineData("https://example.com/contact", true)]
    [InlineData("http://example.com/contact", false)]
    [InlineData("push@example.com", false)]
    [InlineData("mailto:@", false)]
    [InlineData("mailto:a\n@example.com", false)]
    public void A_contact_is_an_address_of_mail_or_https(string contact, bool right) => Assert.Equal(right, !new WebPushSettings { Contact = contact }.Faults().Any());

    [Fact]
    public void Keys_that_are_none_are_not_accepted()
    {
        using var webPush = Open(new());
        var right = _receiver.At(Endpoint);
        Assert.True(webPush.Accepts(right));

        var point = Base64Url.DecodeFromChars(right.P256dh);
        byte[] offCurve = [.. point[..64], (byte)(point[64] ^ 1)], compressed = [2, .. point[1..33]], hybrid = [6, .. point[1..]], infinity = new byte[65];
        foreach (var bad in (byte[][])[offCurve, compressed, hybrid, infinity, point[..64], [.. point, 0], []])
            Assert.False(webPush.Accepts(right with { P256dh = Base64Url.EncodeToString(bad) }));
        Assert.False(webPush.Accepts(right with { P256dh = right.P256dh + "=" }));
        Assert.False(webPush.Accepts(right with { P256dh = Convert.ToBase64String([.. point[..64], .. point[64..]]).Replace('_', '+') }));
        foreach (var length in (int[])[0, 15, 17, 32]) Assert.False(webPush.Accepts(right with { Auth = Base64Url.EncodeToString(new byte[length]) }));
    }

    [Fact]
    public void Only_the_device_reads_a_message_and_every_message_looks_alike()
    {
        using var keys = SubscriptionKeys.TryRead(_receiver.At(Endpoint))!;
        using var other = new PushReceiver();
        var (one, two) = (PushEncryption.Encrypt("short"u8, keys), PushEncryption.Encrypt(Encoding.ASCII.GetBytes(new string('x', 255)), keys));

        Assert.Equal("short", Encoding.ASCII.GetString(_receiver.Read(one)));
        Assert.Equal(255, _receiver.Read(two).Length);
        Assert.Equal(one.Length, two.Length);
        Assert.NotEqual(one[..16], two[..16]);                          // the salt
        Assert.NotEqual(one[21..86], two[21..86]);                      // the sender's key
        Assert.Throws<AuthenticationTagMismatchException>(() => other.Read(one));
        Assert.Throws<ArgumentException>(() => PushEncryption.Encrypt(new byte[256], keys));
    }

    [Fact]
    public void A_changed_message_is_not_read()
    {
        using var keys = SubscriptionKeys.TryRead(_receiver.At(Endpoint))!;
        var message = PushEncryption.Encrypt("short"u8, keys);
        for (var i = 86; i < message.Length; i += 37)
        {
            var changed = (byte[])message.Clone();
            changed[i] ^= 1;
            Assert.Throws<AuthenticationTagMismatchException>(() => _receiver.Read(changed));
        }
    }

    [Fact]
    public void A_token_is_for_one_origin_is_used_again_for_half_its_life_and_ends_within_a_day()
    {
        using var vapid = new Vapid(Vapid.NewKey(), null, _clock);
        var first = vapid.Authorization(new Uri(Endpoint));
        Assert.Equal(first, vapid.Authorization(new Uri("https://fcm.googleapis.com/another")));
        Assert.Equal(["https://web.push.apple.com"], PushServiceCounterpart.ReadAuthorization(vapid.Authorization(new Uri("https://web.push.apple.com/abc")), _clock.GetUtcNow()).Token.Audiences);
        Assert.Equal(["http://127.0.0.1:9000"], PushServiceCounterpart.ReadAuthorization(vapid.Authorization(new Uri("http://127.0.0.1:9000/abc")), _clock.GetUtcNow()).Token.Audiences);

        _clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(first, vapid.Authorization(new Uri(Endpoint)));
        _clock.Advance(TimeSpan.FromHours(2));
        var second = vapid.Authorization(new Uri(Endpoint));

        Assert.NotEqual(first, second);
        var (token, key) = PushServiceCounterpart.ReadAuthorization(second, _clock.GetUtcNow());
        Assert.Equal((_clock.GetUtcNow().UtcDateTime.AddHours(12), vapid.PublicKey), (token.ValidTo, key));
        Assert.False(token.TryGetPayloadValue<string>("sub", out _));
    }

    [Theory]
    [InlineData(null, "https://mfa.example.com/", "https://mfa.example.com")]
    [InlineData("mailto:ops@example.com", "https://mfa.example.com/", "mailto:ops@example.com")]
    [InlineData(null, "http://mfa.example.com/", null)]
    [InlineData(null, null, null)]
    public void Push_services_are_told_whom_to_turn_to(string? contact, string? publicUrl, string? told)
        => Assert.Equal(told, new WebPushSettings { Contact = contact }.ContactAt(publicUrl is null ? null : new Uri(publicUrl)));

    private Countersign.Delivery.WebPush.WebPush Open(WebPushSettings settings) => new(Countersign.Delivery.WebPush.WebPush.NewKey(), settings, null, _clock);
}
