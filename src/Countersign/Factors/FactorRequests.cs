using System.Text.Json.Nodes;

namespace Countersign.Factors;

/// <summary>What a client asks for in an enrollment (contract 8.4).</summary>
public sealed record EnrollRequest
{
    /// <summary>The factor type.</summary>
    public string? FactorType { get; init; }
    /// <summary>The provider; null means the type's only one.</summary>
    public string? Provider { get; init; }
    /// <summary>The kind's own profile.</summary>
    public JsonObject? Profile { get; init; }
    /// <summary>The profile of a custom TOTP.</summary>
    public string? FactorProfileId { get; init; }
    /// <summary>An answer that the kind checks at once.</summary>
    public VerifyRequest? Verify { get; init; }
    /// <summary>The query's <c>activate</c>.</summary>
    public bool Activate { get; init; }
    /// <summary>The query's <c>updatePhone</c>.</summary>
    public bool UpdatePhone { get; init; }
    /// <summary>What is asked of the message.</summary>
    public MessageRequest Message { get; init; } = MessageRequest.Usual;
}

/// <summary>The answer in a verification or activation, as far as given (contract 8.7).</summary>
public sealed record VerifyRequest
{
    /// <summary>A one-time passcode.</summary>
    public string? PassCode { get; init; }
    /// <summary>The passcode of the following window or counter, to resynchronise.</summary>
    public string? NextPassCode { get; init; }
    /// <summary>The answer to a security question.</summary>
    public string? Answer { get; init; }
    /// <summary>What the client signed, base64 of its JSON (<c>clientDataJSON</c>).</summary>
    public string? ClientData { get; init; }
    /// <summary>The authenticator's data of an assertion, base64.</summary>
    public string? AuthenticatorData { get; init; }
    /// <summary>The authenticator's signature, base64.</summary>
    public string? SignatureData { get; init; }
    /// <summary>The attestation object of a WebAuthn registration, base64.</summary>
    public string? Attestation { get; init; }
    /// <summary>The registration data of a U2F key, base64.</summary>
    public string? RegistrationData { get; init; }
    /// <summary>Whether the person is asked for the number that the sign-in page shows (<c>push</c>).</summary>
    public bool UseNumberMatchingChallenge { get; init; }
    /// <summary>What is asked of the message, when this challenges.</summary>
    public MessageRequest Message { get; init; } = MessageRequest.Usual;

    /// <summary>The activation that was seen waiting, of a poll that goes on waiting for it: when it is over, it does not begin again; null for none.</summary>
    public string? SeenWaiting { get; init; }

    /// <summary>Names this very request, so that asking again after an answer was lost does nothing twice: what it came to is kept with it, and told again (<see cref="KeptAnswer"/>). Null: each is new.</summary>
    public string? Key { get; init; }

    /// <summary>Whether nothing is answered: the request is a challenge or a poll.</summary>
    public bool IsEmpty => PassCode is null && Answer is null && ClientData is null && Attestation is null && RegistrationData is null && SignatureData is null;
}

/// <summary>What a user brings back who was sent to somebody else's page (contract 9.13).</summary>
/// <param name="State">What was given to the page: it says whose answer this is.</param>
/// <param name="Code">What the answer is asked for with; null: the page says that there is none.</param>
public sealed record RedirectAnswer(string State, string? Code);

/// <summary>What a client asks of the message that carries a code (contract 8.4, 8.7); kinds ignore what is not theirs.</summary>
/// <param name="TemplateId">The text of an SMS; null or unknown: the default.</param>
/// <param name="TokenLifetimeSeconds">The life of a mail's code; null: the default.</param>
/// <param name="AcceptLanguage">The languages that the person reads, as the header says it; null: what is known of the user.</param>
public sealed record MessageRequest(string? TemplateId, int? TokenLifetimeSeconds, string? AcceptLanguage)
{
    /// <summary>Nothing asked for.</summary>
    public static readonly MessageRequest Usual = new(null, null, null);
}
