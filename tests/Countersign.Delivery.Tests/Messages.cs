using Countersign.Outbox;

namespace Countersign.Delivery.Tests;

/// <summary>Messages for tests of providers.</summary>
internal static class Messages
{
    /// <summary>When every message of the tests was made.</summary>
    public static readonly DateTimeOffset Created = new(2026, 3, 5, 9, 41, 7, TimeSpan.Zero);

    /// <summary>A message of this channel, valid for five minutes.</summary>
    public static RenderedMessage Of(Channel channel) => new()
    {
        Id = "msg0001tests00000000",
        Channel = channel,
        Recipient = channel == Channel.Email ? "ines.kovar@example.com" : "+14155550142",
        Code = "482915",
        Language = "en",
        Text = channel == Channel.Call ? "Hello. Your code is 4, 8, 2, 9, 1, 5." : "Your verification code is 482915.",
        Subject = channel == Channel.Email ? "Your code" : null,
        Html = channel == Channel.Email ? "<p>Your code is <b>482915</b></p>" : null,
        Purpose = MessagePurpose.Verification,
        Created = Created,
        Expires = Created.AddMinutes(5),
        User = new Addressee("00u7kq3vN2cXW1bYt0h7", "ines.kovar@example.com", "Ines", "Kovar"),
        Origin = new MessageOrigin("reqT7vWq2XmB0cRkY", "/api/v1/users/00u7kq3vN2cXW1bYt0h7/factors/sms8Tq2mXo5cLwNz70h7/verify", "198.51.100.23"),
    };
}
