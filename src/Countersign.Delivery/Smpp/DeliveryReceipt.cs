using System.Buffers.Binary;
using System.Text;
using Countersign.Outbox;

namespace Countersign.Delivery.Smpp;

/// <summary>What a server says became of a message.</summary>
/// <param name="ParameterId">The message's id in the parameter receipted_message_id; null for none.</param>
/// <param name="TextId">The message's id in the receipt's text; null for none.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Reason">The server's word and the network's error; null for a message that arrived.</param>
internal sealed record DeliveryReceipt(string? ParameterId, string? TextId, ReceiptStatus Status, string? Reason)
{
    private const byte Ucs2 = 8;
    private const int LongestText = 1024;
    private const int LongestWord = 32;

    // By the numbers of message_state (SMPP v3.4 §5.2.28), with the words of Appendix B. A state that is final and not DELIVERED did not arrive, UNKNOWN ("an
    // invalid state") among them; ACCEPTED is said by networks that have a message and do not yet know more.
    private static readonly (string Name, string Word, ReceiptStatus Status)[] States =
    [
        ("", "", ReceiptStatus.Pending),
        ("ENROUTE", "ENROUTE", ReceiptStatus.Pending),
        ("DELIVERED", "DELIVRD", ReceiptStatus.Delivered),
        ("EXPIRED", "EXPIRED", ReceiptStatus.Undelivered),
        ("DELETED", "DELETED", ReceiptStatus.Undelivered),
        ("UNDELIVERABLE", "UNDELIV", ReceiptStatus.Undelivered),
        ("ACCEPTED", "ACCEPTD", ReceiptStatus.Pending),
        ("UNKNOWN", "UNKNOWN", ReceiptStatus.Undelivered),
        ("REJECTED", "REJECTD", ReceiptStatus.Undelivered),
    ];

    /// <summary>Reads the parameters, and where they are missing the text <c>id:… stat:… err:…</c> (Appendix B). Null when no message is named or nothing is said of it.</summary>
    public static DeliveryReceipt? From(in DeliverSm message)
    {
        var octets = message.Text[..Math.Min(message.Text.Length, LongestText)];
        var text = (message.DataCoding == Ucs2 ? Encoding.BigEndianUnicode : Encoding.Latin1).GetString(octets);
        var parameterId = SubmitSmResp.Id(message.ReceiptedMessageId);
        var textId = Field(text, "id:", SubmitSmResp.LongestId);
        var word = Field(text, "stat:", LongestWord);
        if (message.MessageState is > 0 and var state) word = state < States.Length ? States[state].Name : $"state {state}";
        if (word is null || parameterId is null && textId is null) return null;

        var status = Array.Find(States, known => word.Equals(known.Word, StringComparison.OrdinalIgnoreCase) || word == known.Name).Status;
        if (message.IsIntermediate) status = ReceiptStatus.Pending;
        return new DeliveryReceipt(parameterId, textId, status, status == ReceiptStatus.Delivered ? null : Explain(word, message.NetworkError, text));
    }

    private static string Explain(string word, ReadOnlySpan<byte> networkError, string text)
        => networkError.Length == 3 ? $"{word}, network error {networkError[0]}/{BinaryPrimitives.ReadUInt16BigEndian(networkError[1..])}"
            : Field(text, "err:", LongestWord) is { } error && error.Any(character => character != '0') ? $"{word}, error {error}"
            : word;

    /// <summary>The word after a name that begins the text or follows a space, as in <c>stat:DELIVRD</c>; null when it is missing, too long or not printable.</summary>
    private static string? Field(string text, string name, int most)
    {
        for (var at = 0; (at = text.IndexOf(name, at, StringComparison.OrdinalIgnoreCase)) >= 0; at += name.Length)
        {
            if (at > 0 && text[at - 1] != ' ') continue;
            var rest = text.AsSpan(at + name.Length);
            var end = rest.IndexOf(' ');
            var word = end < 0 ? rest : rest[..end];
            return word.IsEmpty || word.Length > most || word.ContainsAnyExceptInRange('!', '~') ? null : word.ToString();
        }
        return null;
    }
}
