using System.Text.Json.Nodes;

namespace Countersign.Server.Factors;

/// <summary>An enrolled factor (contract 7).</summary>
internal sealed record FactorShape
{
    /// <summary>The factor's id.</summary>
    public required string Id { get; init; }
    /// <summary>For example <c>token:software:totp</c>.</summary>
    public required string FactorType { get; init; }
    /// <summary>For example <c>GOOGLE</c>.</summary>
    public required string Provider { get; init; }
    /// <summary>The provider's name for people.</summary>
    public required string VendorName { get; init; }
    /// <summary><c>PENDING_ACTIVATION</c>, <c>ACTIVE</c>, <c>INACTIVE</c> and others.</summary>
    public required string Status { get; init; }
    /// <summary>When it was enrolled.</summary>
    public required DateTimeOffset Created { get; init; }
    /// <summary>When it last changed.</summary>
    public required DateTimeOffset LastUpdated { get; init; }
    /// <summary>What the kind of factor shows of itself.</summary>
    public JsonObject? Profile { get; init; }
    /// <summary>What can be done next.</summary>
    public JsonObject? _links { get; init; }
    /// <summary>While pending: <c>activation</c>, with what the authenticator needs to know.</summary>
    public JsonObject? _embedded { get; init; }
}

/// <summary>A kind of factor that a user may enroll (contract 8.2).</summary>
internal sealed record CatalogFactorShape
{
    /// <summary>For example <c>token:software:totp</c>.</summary>
    public required string FactorType { get; init; }
    /// <summary>For example <c>GOOGLE</c>.</summary>
    public required string Provider { get; init; }
    /// <summary>The provider's name for people.</summary>
    public required string VendorName { get; init; }
    /// <summary><c>NOT_SETUP</c>, or <c>ACTIVE</c> when the user has one already.</summary>
    public required string Status { get; init; }
    /// <summary><c>OPTIONAL</c> or <c>REQUIRED</c>.</summary>
    public required string Enrollment { get; init; }
    /// <summary>What can be done next.</summary>
    public JsonObject? _links { get; init; }
}

/// <summary>A security question that can be chosen (contract 8.3).</summary>
/// <param name="Question">Its key, for an enrollment.</param>
/// <param name="QuestionText">Its text, for a person.</param>
internal sealed record QuestionShape(string Question, string QuestionText);

/// <summary>What became of a verification or challenge (contract 10).</summary>
internal sealed record VerificationShape
{
    /// <summary><c>SUCCESS</c>, <c>CHALLENGE</c>, <c>WAITING</c>, <c>REJECTED</c>, <c>TIMEOUT</c>, <c>CANCELLED</c> or <c>ERROR</c>. A wrong answer is no result but an error.</summary>
    public required string FactorResult { get; init; }
    /// <summary>What the kind of factor shows of the challenge.</summary>
    public JsonObject? Profile { get; init; }
    /// <summary>While <c>WAITING</c>: until when an answer is heard.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    /// <summary>While <c>WAITING</c>: the id of the transaction, which the link <c>poll</c> ends with.</summary>
    public string? TransactionId { get; init; }
    /// <summary>What can be done next: <c>verify</c> an answer, or <c>poll</c> until another device answered.</summary>
    public JsonObject? _links { get; init; }
    /// <summary>The challenge, where the client's device needs it.</summary>
    public JsonObject? _embedded { get; init; }
}

/// <summary>The answer that is verified; without one, a challenge starts.</summary>
internal sealed record VerifyFactorShape
{
    /// <summary>The one-time passcode of an authenticator app, a token or a message (<c>token:software:totp</c>, <c>token:hotp</c>, <c>token:hardware</c>, <c>token</c>, <c>sms</c>, <c>call</c>, <c>email</c>).</summary>
    public string? PassCode { get; init; }
    /// <summary>The authenticator's data, base64 or base64url (<c>webauthn</c>).</summary>
    public string? AuthenticatorData { get; init; }
    /// <summary>The client's data that the authenticator signed, base64 or base64url (<c>webauthn</c>, <c>u2f</c>).</summary>
    public string? ClientData { get; init; }
    /// <summary>The authenticator's signature, base64 or base64url (<c>webauthn</c>, <c>u2f</c>).</summary>
    public string? SignatureData { get; init; }
    /// <summary>The answer to the security question (<c>question</c>).</summary>
    public string? Answer { get; init; }
    /// <summary>The passcode after <c>passCode</c>: brings a token back into step that has drifted further than a single passcode can show (<c>token:hotp</c>, <c>token</c>).</summary>
    public string? NextPassCode { get; init; }
}
