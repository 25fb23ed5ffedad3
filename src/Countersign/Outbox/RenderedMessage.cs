namespace Countersign.Outbox;

/// <summary>A message of the outbox, opened. Closed: <see cref="RenderedMessage"/> or <see cref="DeviceMessage"/>.</summary>
public abstract record OpenedMessage
{
    private protected OpenedMessage() { }

    /// <summary>Whose message it is; of a report, whom it is about.</summary>
    public required Addressee User { get; init; }
    /// <summary>The request that asked for it.</summary>
    public required MessageOrigin Origin { get; init; }
}

/// <summary>A message to a device. Nobody but the sender is shown any of it.</summary>
/// <param name="Content">What it consists of.</param>
public sealed record DeviceMessage(PushContent Content) : OpenedMessage
{
    /// <summary>Nothing of it.</summary>
    public override string ToString() => nameof(DeviceMessage);
}

/// <summary>A message to a person as a provider gets it: finished texts, in the person's language.</summary>
public sealed record RenderedMessage : OpenedMessage
{
    /// <summary>The message's id, the same for every try and every provider: the idempotency key.</summary>
    public required string Id { get; init; }
    /// <summary>How it travels.</summary>
    public required Channel Channel { get; init; }
    /// <summary>The phone number (E.164) or the e-mail address.</summary>
    public required string Recipient { get; init; }
    /// <summary>The digits to dial once a call is answered; null for none.</summary>
    public string? Extension { get; init; }
    /// <summary>The code; never logged. Null when the message carries none.</summary>
    public string? Code { get; init; }
    /// <summary>The activation link that it carries in place of a code; never logged. Null for none.</summary>
    public string? Link { get; init; }
    /// <summary>The language of the texts (BCP 47), for example <c>de</c> or <c>pt-BR</c>.</summary>
    public required string Language { get; init; }
    /// <summary>The text of an SMS, the plain text of a mail, or what a call says.</summary>
    public required string Text { get; init; }
    /// <summary>A mail's subject; null on other channels.</summary>
    public string? Subject { get; init; }
    /// <summary>A mail's HTML; null on other channels.</summary>
    public string? Html { get; init; }
    /// <summary>What the message is for.</summary>
    public required MessagePurpose Purpose { get; init; }
    /// <summary>When the message was made.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>When the code or the link ends; nothing is sent from then on.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>What another side said of the message, without the code or the link, which many like to repeat.</summary>
    public string WithoutSecrets(string said)
    {
        if (Code is not null) said = said.Replace(Code, "…", StringComparison.Ordinal);
        if (Link is null) return said;
        said = said.Replace(Link, "…", StringComparison.Ordinal);
        // What stands after # is the whole of the secret.
        return Link.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at && at + 1 < Link.Length ? said.Replace(Link[(at + 1)..], "…", StringComparison.Ordinal) : said;
    }

    /// <summary>The id alone: codes and recipients do not get into logs by accident.</summary>
    public override string ToString() => Id;
}

/// <summary>The user that a message goes to.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Login">The login.</param>
/// <param name="FirstName">The first name.</param>
/// <param name="LastName">The last name.</param>
public sealed record Addressee(string Id, string Login, string FirstName, string LastName);

/// <summary>The request that asked for a message, for telephony hooks (contract 15.2).</summary>
/// <param name="RequestId">The request's id.</param>
/// <param name="Uri">Its path and query.</param>
/// <param name="IpAddress">The client's address; null when unknown.</param>
public sealed record MessageOrigin(string RequestId, string Uri, string? IpAddress);
