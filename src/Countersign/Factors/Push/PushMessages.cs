using Countersign.Outbox;

namespace Countersign.Factors.Push;

/// <summary>A link by which a person binds a device to a pending factor.</summary>
/// <param name="Channel"><see cref="Channel.Sms"/> or <see cref="Channel.Email"/>.</param>
/// <param name="Recipient">The phone number (E.164) or the address.</param>
/// <param name="Country">The number's country (ISO 3166); null for mail.</param>
/// <param name="Link">The link, of this server; at most 1,000 characters of ASCII.</param>
/// <param name="Lifetime">How long it holds.</param>
/// <param name="Request">What the client asks of the message.</param>
public sealed record LinkMessage(Channel Channel, string Recipient, string? Country, string Link, TimeSpan Lifetime, MessageRequest Request)
    : PersonMessage(Channel, Recipient, Country, MessagePurpose.ActivationLink, Lifetime, Request);

/// <summary>Tells a factor's device that a request waits. It is one of many ways to learn that, so it is left out where no Web Push is sent; and no limit holds for it but those of requests.</summary>
/// <param name="Subscription">Where the device's push service takes messages for it.</param>
/// <param name="TransactionId">The transaction. What is sent of one never ends what is sent of another.</param>
/// <param name="Lifetime">What is left of the transaction's life.</param>
public sealed record PushMessage(PushSubscription Subscription, string TransactionId, TimeSpan Lifetime) : FactorMessage(Channel.Push, MessagePurpose.Verification, Lifetime);

/// <summary>Tells administrators by mail that a user said of a request "this was not me". Whose request it was is the user of the transition.</summary>
/// <param name="Recipients">The administrators' addresses; each gets a message. None: nothing is sent.</param>
/// <param name="Request">The request.</param>
public sealed record ReportMessage(IReadOnlyList<string> Recipients, ReportedRequest Request) : FactorMessage(Channel.Email, MessagePurpose.Report, TimeSpan.FromDays(1));
