using System.Collections.Frozen;
using System.Globalization;

namespace Countersign.Delivery.Twilio;

/// <summary>
/// What Twilio's error codes mean for a message (https://www.twilio.com/docs/api/errors). Refused for good is only what is true of the recipient's number,
/// whoever sends; what lies with the account, its sender or its routes is a failure, because another provider may do better, and so is every code
/// that is not listed here: Twilio splits and adds codes (changelog of 10 July 2024), and an unknown one must not keep a person from the code.
/// </summary>
internal static class TwilioErrors
{
    private static readonly FrozenDictionary<int, (bool IsFinal, string Meaning)> Known = new Dictionary<int, (bool, string)>
    {
        // The number.
        [21211] = (true, "not a valid phone number"),
        [21217] = (true, "not a valid phone number"),
        [21265] = (true, "a short code cannot receive messages"),
        // An opt-out is the person's word against messages of this kind; going around it through another provider would be against the rules of the networks.
        [21610] = (true, "the recipient has opted out"),
        [21614] = (true, "not a mobile number"),
        [21635] = (true, "a landline cannot receive messages"),
        // Emergency, information and premium numbers: nobody's second factor, and dear to whoever is made to call them.
        [21202] = (true, "a premium or special number"),
        // The account, the sender or the route.
        [20003] = (false, "the credentials are not accepted"),
        [20429] = (false, "too many requests"),
        [21203] = (false, "the account may not call abroad"),
        [21210] = (false, "the sender's number is not verified"),
        [21212] = (false, "the sender's number is not valid"),
        [21214] = (false, "the number cannot be reached from here"),
        [21215] = (false, "the account may not call this region"),
        [21216] = (false, "Twilio blocks calls to this number"),
        [21219] = (false, "a trial account calls verified numbers only"),
        [21266] = (false, "the recipient is the sender"),
        [21408] = (false, "the account may not send to this region"),
        [21606] = (false, "the sender cannot send to this number"),
        [21608] = (false, "a trial account sends to verified numbers only"),
        [21611] = (false, "the sender's queue is full"),
        [21612] = (false, "no route from this sender to this number"),
        [21617] = (false, "the text is too long"),
        [30001] = (false, "the account's queue is full"),
        [30002] = (false, "the account is suspended"),
    }.ToFrozenDictionary();

    /// <summary>The result of an error code. Twilio's own message is left out: it names the number.</summary>
    /// <param name="code">The code of the answer's body; null when it has none.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="retryAfter">The answer's wish.</param>
    public static DeliveryResult Result(int? code, int status, TimeSpan? retryAfter)
    {
        if (code is not { } number) return new DeliveryResult.Failed($"status {status.ToString(CultureInfo.InvariantCulture)}", retryAfter);
        var (isFinal, meaning) = Known.GetValueOrDefault(number);
        var reason = meaning is null ? number.ToString(CultureInfo.InvariantCulture) : $"{number.ToString(CultureInfo.InvariantCulture)}: {meaning}";
        // 401, 403, 429 and the like are about us, whatever the body says.
        return isFinal && status == 400 ? new DeliveryResult.Rejected(reason) : new DeliveryResult.Failed(reason, retryAfter);
    }
}
