using Countersign.Factors;
using Countersign.Filtering;
using Countersign.Users;

namespace Countersign.Server.Errors;

/// <summary>Every error that is answered (contract 3.3), in the order of their codes.</summary>
internal static class ApiErrors
{
    public static ApiError Validation(string subject, params string[] causes) => new("E0000001", 400, $"Api validation failed: {subject}", causes);
    public static ApiError IllegalArgument(string what) => new("E0000002", 400, $"The request was not valid: {what}");
    public static readonly ApiError NotWellFormed = new("E0000003", 400, "The request body was not well-formed.");
    public static readonly ApiError AuthenticationFailed = new("E0000004", 401, "Authentication failed");
    public static readonly ApiError NoPermission = new("E0000006", 403, "You do not have permission to perform the requested action");
    public static ApiError NotFound(string id, string type) => new("E0000007", 404, $"Not found: Resource not found: {id} ({type})");
    public static readonly ApiError PathNotFound = new("E0000008", 404, "The requested path was not found");
    public static readonly ApiError Internal = new("E0000009", 500, "Internal Server Error");
    public static readonly ApiError Unavailable = new("E0000010", 503, "Service is in read only mode");
    public static readonly ApiError InvalidToken = new("E0000011", 401, "Invalid token provided");
    public static ApiError CredentialsUpdateFailed(string cause) => new("E0000014", 403, "Update of credentials failed", cause);
    public static readonly ApiError AlreadyActive = new("E0000016", 403, "Activation failed because the user is already active");
    public static readonly ApiError BadRequest = new("E0000020", 400, "Bad request.");
    public static readonly ApiError LengthRequired = BadRequest with { Status = 411 };
    public static readonly ApiError TooLarge = BadRequest with { Status = 413 };
    public static readonly ApiError UrlTooLong = BadRequest with { Status = 414 };
    public static readonly ApiError MethodNotSupported = new("E0000022", 405, "The endpoint does not support the provided HTTP method");
    public static readonly ApiError MissingParameter = new("E0000028", 400, "The request is missing a required parameter.");
    public static readonly ApiError InvalidPaging = new("E0000029", 400, "Invalid paging request.", "Invalid cursor.");
    public static readonly ApiError InvalidDate = new("E0000030", 400,
        "Bad request. Invalid date. Dates must be of the form yyyy-MM-dd'T'HH:mm:ss.SSSZZ, e.g. 2013-01-01T12:00:00.000-07:00.");
    public static readonly ApiError InvalidSearch = new("E0000031", 400, "Invalid search criteria.");
    public static readonly ApiError NotLockedOut = new("E0000032", 403, "Unlock is not allowed for this user.", "The user is not locked out.");
    public static readonly ApiError SearchAndFilter = new("E0000033", 400, "Bad request. Can't specify a search query and filter in the same request.");
    public static readonly ApiError NoPasswordRecovery = new("E0000034", 403, "Forgot password not allowed on specified user.");
    public static readonly ApiError NoPasswordChange = new("E0000035", 403, "Change password not allowed on specified user.");
    public static readonly ApiError NoQuestionChange = new("E0000036", 403, "Change recovery question not allowed on specified user.");
    public static ApiError TypeMismatch(string what) => new("E0000037", 400, $"Type mismatch exception.  {what}");
    public static readonly ApiError StatusForbids = new("E0000038", 403, "This operation is not allowed in the user's current status.");
    public static readonly ApiError TooManyRequests = new("E0000047", 429, "API call exceeded rate limit due to too many requests.");
    public static readonly ApiError Unsupported = new("E0000060", 501, "Unsupported operation.");
    public static readonly ApiError FactorServiceSilent = new("E0000067", 504, "Factors Service Error.");
    public static readonly ApiError WrongPasscode = new("E0000068", 403, "Invalid Passcode/Answer", "Your passcode doesn't match our records. Please try again.");
    public static readonly ApiError WrongAnswer = new("E0000068", 403, "Invalid Passcode/Answer", "Your answer doesn't match our records. Please try again.");
    public static readonly ApiError UserLocked = new("E0000069", 403, "User Locked");
    public static readonly ApiError WeakPassword = new("E0000080", 403, "The password does not meet the complexity requirements of the current password policy.");
    public static readonly ApiError FactorServiceFailed = new("E0000074", 400, "Factor Service Error");
    public static readonly ApiError Replayed = new("E0000082", 403, "Each code can only be used once. Please wait for a new code and try again.");
    public static readonly ApiError OutsideTimeWindow = new("E0000083", 403, "PassCode is valid but exceeded time window.");
    public static readonly ApiError WrongRecoveryAnswer = new("E0000087", 403, "The recovery question answer did not match our records.");
    public static readonly ApiError UnsupportedFilter = new("E0000094", 400, "The provided filter is unsupported.");
    public static readonly ApiError NoPhoneNumber = new("E0000097", 403, "There is no verified phone number on file.");
    public static readonly ApiError CountryNotAccepted = new("E0000099", 403,
        "Only numbers located in US and Canada are allowed.  Contact your administrator if this is a problem.");
    public static readonly ApiError TokenAssigned = new("E0000102", 403,
        "YubiKey cannot be deleted while assigned to an user. Please deactivate YubiKey using reset MFA and try again");
    public static readonly ApiError NotInExpectedState = new("E0000107", 403, "The entity is not in the expected state for the requested transition.");
    public static readonly ApiError SmsTooSoon = new("E0000109", 429, "An SMS message was recently sent. Please wait 30 seconds before trying again.");
    public static readonly ApiError LinkUsed = new("E0000110", 403, "You have accessed a link that has expired or has been previously used.");
    public static ApiError ReadOnly(string what) => new("E0000111", 403, $"Cannot modify the {what} object because it is read-only.");
    public static readonly ApiError NextCodeNeeded = new("E0000113", 409,
        "The token's server asks for more before it decides: answer with the token's next code, or with the PIN that it asks for.");
    public static readonly ApiError EmailTooSoon = new("E0000118", 429, "An email was recently sent. Please wait 5 seconds before trying again.");
    public static readonly ApiError LockedForRecovery = new("E0000119", 403, "Your account is locked. Please contact your administrator.");
    public static readonly ApiError InvalidPhoneExtension = new("E0000121", 400, "Invalid phone extension. Please enter a valid phone extension.");
    public static readonly ApiError PasswordNeeded = new("E0000124", 400,
        "Could not create user. To create a user and expire their password immediately, a password must be specified");
    public static readonly ApiError ActivationNeeded = new("E0000125", 400,
        "Could not create user. To create a user and expire their password immediately, \"activate\" must be true");

    public static readonly ApiError CallTooSoon = new("E0000133", 429, "A phone call was recently made. Please wait 30 seconds before trying again.");
    public static readonly ApiError HookUnreadable = new("E0000134", 502, "Countersign could not communicate correctly with an inline hook.");
    public static readonly ApiError HookRefused = new("E0000135", 400, "An inline hook responded with an error.");
    public static readonly ApiError HookSilent = new("E0000137", 504, "Countersign did not receive a response from an inline hook.");
    public static ApiError RunnerUnavailable(string cause) => new("E0000137", 504, "The other server did not answer in a way that can be used.", cause);
    public static readonly ApiError OrganizationSmsLimit = new("E0000146", 429,
        "Your organization has reached the limit of sms requests that can be sent within a 24 hour period.");
    public static readonly ApiError OrganizationCallLimit = new("E0000147", 429,
        "Your organization has reached the limit of call requests that can be sent within a 24 hour period.");
    public static readonly ApiError SmsLimit = new("E0000204", 429, "You have reached the limit of sms requests, please try again later.");
    public static readonly ApiError CallLimit = new("E0000205", 429, "You have reached the limit of call requests, please try again later.");
    public static readonly ApiError TelephonyUnavailable = new("E0000247", 403,
        "Your organization doesn't support SMS or Voice authentication at this time. Select another authentication method.");

    /// <summary>A required field that is missing (contract 3.2).</summary>
    public static ApiError Blank(string field) => Validation(field, $"{field}: The field cannot be left blank");

    /// <summary>The error of a refused operation on a factor of a user, both as the client named them.</summary>
    public static ApiError Of(Refusal refusal, string user, string? factor, DateTimeOffset? retryAt) => refusal switch
    {
        Refusal.UserNotFound => NotFound(user, "User"),
        Refusal.FactorNotFound or Refusal.TransactionNotFound => NotFound(factor ?? "", "UserFactor"),
        Refusal.FactorProfileNotFound => NotFound(factor ?? "", "FactorProfile"),
        Refusal.SignatureInvalid => InvalidToken,
        Refusal.WrongPasscode => WrongPasscode,
        Refusal.WrongAnswer => WrongAnswer,
        Refusal.Replayed => Replayed,
        Refusal.OutsideTimeWindow => OutsideTimeWindow,
        Refusal.UserLocked => UserLocked,
        Refusal.TooManyTries or Refusal.Busy => TooManyRequests with { RetryAt = retryAt },
        Refusal.UserStatusForbids => StatusForbids,
        Refusal.NotInExpectedState => NotInExpectedState,
        Refusal.PasscodeMissing => Blank("passCode"),
        Refusal.AnswerMissing => Blank("answer"),
        Refusal.FactorTypeMissing => Blank("factorType"),
        Refusal.FactorTypeUnknown => Validation("factorType", "The field has an invalid value"),
        Refusal.AlreadySetUp => Enroll("A factor of this type is already set up."),
        Refusal.NotEnabled => Enroll("Factor not enabled."),
        Refusal.InvalidProvider => Enroll("Invalid Provider."),
        Refusal.InvalidProfile => Enroll("Invalid Profile."),
        Refusal.AnswerTooShort => Enroll("The security question answer must be at least 4 characters in length"),
        Refusal.AnswerInQuestion => Enroll("The security question answer must not be part of the question"),
        Refusal.MustActivate => Enroll("This factor must be activated when it is enrolled: activate=true."),
        Refusal.TooManyFactors => Enroll("The user may not have more factors."),
        Refusal.Unsupported => Unsupported,
        Refusal.InvalidPhoneNumber => Enroll("Invalid Phone Number."),
        Refusal.CountryNotAccepted => CountryNotAccepted,
        Refusal.NoPhoneNumber => NoPhoneNumber,
        Refusal.VerifiedPhoneExists => Enroll("There is an existing verified phone number."),
        Refusal.InvalidPhoneExtension => InvalidPhoneExtension,
        Refusal.EmailNotVerified => Validation("Only verified primary or secondary email can be enrolled."),
        Refusal.InvalidTokenLifetime => Validation("tokenLifetimeSeconds", "tokenLifetimeSeconds: must be from 1 to 86400"),
        Refusal.SmsTooSoon => SmsTooSoon with { RetryAt = retryAt },
        Refusal.CallTooSoon => CallTooSoon with { RetryAt = retryAt },
        Refusal.EmailTooSoon => EmailTooSoon with { RetryAt = retryAt },
        Refusal.SmsLimit => SmsLimit with { RetryAt = retryAt },
        Refusal.CallLimit => CallLimit with { RetryAt = retryAt },
        Refusal.OrganizationSmsLimit => OrganizationSmsLimit with { RetryAt = retryAt },
        Refusal.OrganizationCallLimit => OrganizationCallLimit with { RetryAt = retryAt },
        Refusal.TelephonyUnavailable => TelephonyUnavailable,
        Refusal.MailUnavailable => FactorServiceFailed,
        Refusal.HookUnreadable => HookUnreadable,
        Refusal.HookRefused => HookRefused,
        Refusal.HookSilent => HookSilent,
        Refusal.NextPasscodeMissing => Blank("nextPassCode"),
        Refusal.NextCodeNeeded => NextCodeNeeded,
        Refusal.BackEndSilent => FactorServiceSilent,
        Refusal.BackEndRefused => FactorServiceFailed,
        Refusal.LinkUsed => LinkUsed,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The error of a refused operation on a user, as the client named it.</summary>
    public static ApiError Of(UserRefusal refusal, string user) => refusal switch
    {
        UserRefusal.NotFound => NotFound(user, "User"),
        UserRefusal.LoginTaken => Validation("login", "login: An object with this field already exists in the current organization"),
        UserRefusal.AlreadyActive => AlreadyActive,
        UserRefusal.StatusForbids => StatusForbids,
        UserRefusal.NotActive => Validation("user", "Cannot suspend a user that is not active"),
        UserRefusal.NotSuspended => Validation("user", "Cannot unsuspend a user that is not suspended"),
        UserRefusal.NotLockedOut => NotLockedOut,
        UserRefusal.WrongPassword => CredentialsUpdateFailed("Old Password is not correct"),
        UserRefusal.WrongRecoveryAnswer => WrongRecoveryAnswer,
        UserRefusal.WeakPassword => WeakPassword,
        UserRefusal.Locked => UserLocked,
        UserRefusal.LockedForRecovery => LockedForRecovery,
        UserRefusal.NoPasswordRecovery => NoPasswordRecovery,
        UserRefusal.NoPasswordChange => NoPasswordChange,
        UserRefusal.NoQuestionChange => NoQuestionChange,
        UserRefusal.PasswordNeeded => PasswordNeeded,
        UserRefusal.ActivationNeeded => ActivationNeeded,
        UserRefusal.Busy => TooManyRequests,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The error of fields that are wrong: the subject is that of the first, each gives a cause (contract 3.2).</summary>
    public static ApiError Of(IReadOnlyList<FieldFault> faults)
        => Validation(faults[0].Kind == FieldFaultKind.Undefined ? "newUser" : faults[0].Field, [.. faults.Select(Cause)]);

    /// <summary>The error of a filter that was refused.</summary>
    public static ApiError Of(FilterFault fault) => fault switch
    {
        FilterFault.Unsupported => UnsupportedFilter,
        FilterFault.InvalidDate => InvalidDate,
        _ => InvalidSearch,
    };

    private static string Cause(FieldFault fault) => fault.Kind switch
    {
        FieldFaultKind.Blank => $"{fault.Field}: The field cannot be left blank",
        FieldFaultKind.TooShort => $"{fault.Field}: The field is too short",
        FieldFaultKind.TooLong => $"{fault.Field}: The field is too long",
        FieldFaultKind.Malformed => $"{fault.Field}: Does not match required pattern",
        FieldFaultKind.Undefined => $"Property name '{fault.Field}' is not defined in profile",
        FieldFaultKind.WeakPassword => "password: Password requirements were not met. Password requirements: at least 8 characters, a lowercase letter, an uppercase letter, "
            + "a number, no parts of your username.",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static ApiError Enroll(string cause) => Validation("factorEnrollRequest", cause);
}
