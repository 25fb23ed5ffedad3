namespace Countersign.Factors;

/// <summary>Why an operation on a factor was refused. Each is one error of the contract (3.2, 3.3); the server alone knows which status it has.</summary>
public enum Refusal
{
    /// <summary>The user does not exist.</summary>
    UserNotFound,
    /// <summary>The factor does not exist, or is another user's.</summary>
    FactorNotFound,
    /// <summary>The transaction does not exist, or is another factor's.</summary>
    TransactionNotFound,
    /// <summary>A custom TOTP profile does not exist.</summary>
    FactorProfileNotFound,
    /// <summary>The answer is wrong (E0000068).</summary>
    WrongPasscode,
    /// <summary>The answer to a question is wrong (E0000068 with its own cause).</summary>
    WrongAnswer,
    /// <summary>The passcode was used before (E0000082).</summary>
    Replayed,
    /// <summary>The passcode belongs to a time outside the tolerance (E0000083).</summary>
    OutsideTimeWindow,
    /// <summary>The user is locked (E0000069).</summary>
    UserLocked,
    /// <summary>Too many tries for now (E0000047); the outcome says until when.</summary>
    TooManyTries,
    /// <summary>The user's status forbids it (E0000038).</summary>
    UserStatusForbids,
    /// <summary>The factor is not in a state for it (E0000107).</summary>
    NotInExpectedState,
    /// <summary>The passcode is missing (E0000001).</summary>
    PasscodeMissing,
    /// <summary>The answer is missing (E0000001).</summary>
    AnswerMissing,
    /// <summary>The factor type is missing (E0000001).</summary>
    FactorTypeMissing,
    /// <summary>The factor type is not one of the contract's (E0000001).</summary>
    FactorTypeUnknown,
    /// <summary>An active factor of the same kind exists (E0000001).</summary>
    AlreadySetUp,
    /// <summary>The kind is unsupported or switched off (E0000001).</summary>
    NotEnabled,
    /// <summary>The provider is not one of the contract's (E0000001).</summary>
    InvalidProvider,
    /// <summary>The profile is missing or malformed (E0000001).</summary>
    InvalidProfile,
    /// <summary>The answer is too short (E0000001).</summary>
    AnswerTooShort,
    /// <summary>The answer is part of the question (E0000001).</summary>
    AnswerInQuestion,
    /// <summary>This kind is only enrolled with <c>activate=true</c> (E0000001).</summary>
    MustActivate,
    /// <summary>The user may not have more factors (E0000001).</summary>
    TooManyFactors,
    /// <summary>The kind cannot do what was asked (E0000060).</summary>
    Unsupported,
    /// <summary>Too much is going on at once (429): try again shortly.</summary>
    Busy,
    /// <summary>The phone number cannot be read or is not acceptable (E0000001).</summary>
    InvalidPhoneNumber,
    /// <summary>The number's country is not among those that are accepted (E0000099).</summary>
    CountryNotAccepted,
    /// <summary>No number was given, and none is known (E0000097).</summary>
    NoPhoneNumber,
    /// <summary>Another number is known (E0000001).</summary>
    VerifiedPhoneExists,
    /// <summary>The phone extension is malformed (E0000121).</summary>
    InvalidPhoneExtension,
    /// <summary>The address is none of the user's verified ones (E0000001).</summary>
    EmailNotVerified,
    /// <summary>The life asked for is out of bounds (E0000001).</summary>
    InvalidTokenLifetime,
    /// <summary>An SMS went to this number a moment ago (E0000109).</summary>
    SmsTooSoon,
    /// <summary>A call went to this number a moment ago (E0000133).</summary>
    CallTooSoon,
    /// <summary>A mail went to this address a moment ago (E0000118).</summary>
    EmailTooSoon,
    /// <summary>A limit on SMS is reached; which is not told (E0000204).</summary>
    SmsLimit,
    /// <summary>A limit on calls is reached; which is not told (E0000205).</summary>
    CallLimit,
    /// <summary>The organisation's limit on SMS is reached (E0000146).</summary>
    OrganizationSmsLimit,
    /// <summary>The organisation's limit on calls is reached (E0000147).</summary>
    OrganizationCallLimit,
    /// <summary>Nobody sends SMS or calls, or not to this number (E0000247).</summary>
    TelephonyUnavailable,
    /// <summary>Nobody sends mail (E0000074).</summary>
    MailUnavailable,
    /// <summary>The telephony hook's answer could not be read (E0000134).</summary>
    HookUnreadable,
    /// <summary>The telephony hook said no (E0000135).</summary>
    HookRefused,
    /// <summary>The telephony hook did not answer (E0000137).</summary>
    HookSilent,
    /// <summary>The second of two consecutive passcodes is missing (E0000001).</summary>
    NextPasscodeMissing,
    /// <summary>The back end that knows the passcodes wants another one, or a new PIN (E0000113).</summary>
    NextCodeNeeded,
    /// <summary>The back end did not answer (E0000067).</summary>
    BackEndSilent,
    /// <summary>The back end does not serve us (E0000074).</summary>
    BackEndRefused,
    /// <summary>What was followed has expired, was used, or is none of ours (E0000110).</summary>
    LinkUsed,
    /// <summary>A device did not sign what it says, or is none that is known (E0000011).</summary>
    SignatureInvalid,
}
