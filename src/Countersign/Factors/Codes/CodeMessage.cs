using Countersign.Outbox;

namespace Countersign.Factors.Codes;

/// <summary>A code that a kind wants brought to a person.</summary>
/// <param name="Channel">How it travels.</param>
/// <param name="Recipient">The phone number (E.164) or the address.</param>
/// <param name="Country">The number's country (ISO 3166); null for mail.</param>
/// <param name="Extension">The digits to dial once a call is answered; null for none.</param>
/// <param name="Code">The code.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Lifetime">How long it holds.</param>
/// <param name="Request">What the client asks of the message.</param>
public sealed record CodeMessage(Channel Channel, string Recipient, string? Country, string? Extension, string Code, MessagePurpose Purpose, TimeSpan Lifetime, MessageRequest Request)
    : PersonMessage(Channel, Recipient, Country, Purpose, Lifetime, Request);
