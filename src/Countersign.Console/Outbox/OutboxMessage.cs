namespace Countersign.Console.Outbox;

/// <summary>A message to a person: sent, waiting, or kept in the outbox because nobody sends.</summary>
public sealed record OutboxMessage
{
    /// <summary>The stable identifier.</summary>
    public required string Id { get; init; }

    /// <summary><c>sms</c>, <c>call</c>, <c>email</c>, <c>eventHook</c> or <c>push</c>.</summary>
    public string Channel { get; set; } = "";

    /// <summary>The phone number or address; the id of the hook; the id of the factor whose device is told.</summary>
    public string Recipient { get; set; } = "";

    /// <summary>One of the API's words, as <c>KEPT</c>.</summary>
    public string Status { get; set; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; set; }

    /// <summary>From when on it is not sent, and its code counts for nothing.</summary>
    public DateTimeOffset? Expires { get; set; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset? LastUpdated { get; set; }

    /// <summary>How often it was taken up to be sent.</summary>
    public int Attempts { get; set; }

    /// <summary><c>ACTIVATION</c>, <c>VERIFICATION</c>, <c>ACTIVATION_LINK</c> or <c>REPORT</c>; null for events.</summary>
    public string? Purpose { get; set; }

    /// <summary>Whose it is.</summary>
    public string? UserId { get; set; }

    /// <summary>The factor whose code or link it carries.</summary>
    public string? FactorId { get; set; }

    /// <summary>The provider that accepted it, or was tried last.</summary>
    public string? Provider { get; set; }

    /// <summary>The provider's own id of it.</summary>
    public string? Reference { get; set; }

    /// <summary>Why it was not sent, or did not arrive.</summary>
    public string? Reason { get; set; }

    /// <summary>The code, while the outbox alone keeps the message; so are all that follow.</summary>
    public string? Code { get; set; }

    /// <summary>The activation link that it carries in place of a code.</summary>
    public string? Link { get; set; }

    /// <summary>The language of its texts.</summary>
    public string? Language { get; set; }

    /// <summary>A mail's subject.</summary>
    public string? Subject { get; set; }

    /// <summary>What it says.</summary>
    public string? Text { get; set; }

    /// <summary>What a mail says as a page.</summary>
    public string? Html { get; set; }
}
