namespace Countersign.SystemLog;

/// <summary>The events that are written (contract 16.3).</summary>
public static class LogEventTypes
{
    /// <summary>A verification was answered.</summary>
    public const string Verify = "user.authentication.auth_via_mfa";
    /// <summary>A factor became active.</summary>
    public const string FactorActivate = "user.mfa.factor.activate";
    /// <summary>A factor was unenrolled.</summary>
    public const string FactorDeactivate = "user.mfa.factor.deactivate";
    /// <summary>A push was approved.</summary>
    public const string PushApproved = "user.mfa.okta_verify";
    /// <summary>A push was denied.</summary>
    public const string PushDenied = "user.mfa.okta_verify.deny_push";
    /// <summary>A user said of a push "this was not me".</summary>
    public const string SuspiciousActivity = "user.account.report_suspicious_activity_by_enduser";
    /// <summary>A factor was changed.</summary>
    public const string FactorUpdate = "user.mfa.factor.update";
    /// <summary>All factors of a user were removed.</summary>
    public const string FactorResetAll = "user.mfa.factor.reset_all";
    /// <summary>A user was locked.</summary>
    public const string AccountLock = "user.account.lock";
    /// <summary>A lock ended by itself.</summary>
    public const string AccountUnlock = "user.account.unlock";
    /// <summary>An administrator ended a lock.</summary>
    public const string AccountUnlockByAdmin = "user.account.unlock_by_admin";
    /// <summary>A profile was changed.</summary>
    public const string ProfileUpdate = "user.account.update_profile";
    /// <summary>A password was reset.</summary>
    public const string PasswordReset = "user.account.reset_password";
    /// <summary>A password was changed.</summary>
    public const string PasswordUpdate = "user.account.update_password";
    /// <summary>A user was made.</summary>
    public const string UserCreate = "user.lifecycle.create";
    /// <summary>A user was activated.</summary>
    public const string UserActivate = "user.lifecycle.activate";
    /// <summary>A user was activated again.</summary>
    public const string UserReactivate = "user.lifecycle.reactivate";
    /// <summary>A user was deactivated.</summary>
    public const string UserDeactivate = "user.lifecycle.deactivate";
    /// <summary>A user was suspended.</summary>
    public const string UserSuspend = "user.lifecycle.suspend";
    /// <summary>A suspension was ended.</summary>
    public const string UserUnsuspend = "user.lifecycle.unsuspend";
    /// <summary>A user's removal was asked for.</summary>
    public const string UserDeleteInitiated = "user.lifecycle.delete.initiated";
    /// <summary>A user was removed.</summary>
    public const string UserDeleteCompleted = "user.lifecycle.delete.completed";
    /// <summary>The organisation switched a factor kind on.</summary>
    public const string OrgFactorActivate = "system.mfa.factor.activate";
    /// <summary>The organisation switched a factor kind off.</summary>
    public const string OrgFactorDeactivate = "system.mfa.factor.deactivate";
    /// <summary>An API token was made.</summary>
    public const string TokenCreate = "system.api_token.create";
    /// <summary>An API token was revoked.</summary>
    public const string TokenRevoke = "system.api_token.revoke";
    /// <summary>A rate-limit bucket is nearly used up.</summary>
    public const string RateLimitWarning = "system.org.rate_limit.warning";
    /// <summary>A rate-limit bucket is used up.</summary>
    public const string RateLimitViolation = "system.org.rate_limit.violation";
    /// <summary>One of the special limits of contract 4.2 was met.</summary>
    public const string OperationRateLimitViolation = "system.operation.rate_limit.violation";

    /// <summary>An SMS to activate a factor was sent, or not.</summary>
    public const string SmsEnrollSent = "system.sms.send_phone_verification_message";
    /// <summary>An SMS that challenges a factor was sent, or not.</summary>
    public const string SmsVerifySent = "system.sms.send_factor_verify_message";
    /// <summary>An SMS with a link to activate a push factor was sent, or not.</summary>
    public const string SmsLinkSent = "system.sms.send_okta_push_verify_message";
    /// <summary>A device was told of a request by its push service, or not.</summary>
    public const string PushSent = "system.push.send_factor_verify_push";
    /// <summary>A provider told what became of an SMS.</summary>
    public const string SmsReceipt = "system.sms.receive_status";
    /// <summary>A call to activate a factor was made, or not.</summary>
    public const string CallEnrollSent = "system.voice.send_phone_verification_call";
    /// <summary>A call that challenges a factor was made, or not.</summary>
    public const string CallVerifySent = "system.voice.send_mfa_challenge_call";
    /// <summary>A provider told what became of a call.</summary>
    public const string CallReceipt = "system.voice.receive_status";
    /// <summary>A mail with a code, a link or a report was sent, or not.</summary>
    public const string EmailSent = "system.email.send_factor_verify_message";
    /// <summary>The code of a mail was answered.</summary>
    public const string EmailRedeemed = "system.email.challenge_factor_redeemed";
    /// <summary>Too few codes sent to a range of numbers were verified: nothing is sent there for a while.</summary>
    public const string SendsPaused = "system.sms.sends_paused";
    /// <summary>A text for SMS was made.</summary>
    public const string SmsTemplateCreate = "system.custom_sms_template.create";
    /// <summary>A text for SMS was changed.</summary>
    public const string SmsTemplateUpdate = "system.custom_sms_template.update";
    /// <summary>A text for SMS was removed.</summary>
    public const string SmsTemplateDelete = "system.custom_sms_template.delete";
    /// <summary>An inline hook was made.</summary>
    public const string InlineHookCreated = "inline_hook.created";
    /// <summary>An inline hook was changed.</summary>
    public const string InlineHookUpdated = "inline_hook.updated";
    /// <summary>An inline hook was switched on.</summary>
    public const string InlineHookActivated = "inline_hook.activated";
    /// <summary>An inline hook was switched off.</summary>
    public const string InlineHookDeactivated = "inline_hook.deactivated";
    /// <summary>An inline hook was removed.</summary>
    public const string InlineHookDeleted = "inline_hook.deleted";
    /// <summary>An inline hook was asked.</summary>
    public const string InlineHookExecuted = "inline_hook.executed";
    /// <summary>An inline hook's answer was acted on.</summary>
    public const string InlineHookProcessed = "inline_hook.response.processed";
    /// <summary>An event hook was made.</summary>
    public const string EventHookCreated = "event_hook.created";
    /// <summary>An event hook was changed.</summary>
    public const string EventHookUpdated = "event_hook.updated";
    /// <summary>An event hook was switched on.</summary>
    public const string EventHookActivated = "event_hook.activated";
    /// <summary>An event hook was switched off.</summary>
    public const string EventHookDeactivated = "event_hook.deactivated";
    /// <summary>An event hook was removed.</summary>
    public const string EventHookDeleted = "event_hook.deleted";
    /// <summary>An event hook's address proved that it expects events.</summary>
    public const string EventHookVerified = "event_hook.verified";
    /// <summary>Events were delivered to an event hook, or not.</summary>
    public const string EventHookDelivery = "event_hook.delivery";
    /// <summary>A hardware token was uploaded.</summary>
    public const string HardwareTokenCreate = "system.mfa.hardware_token.create";
    /// <summary>Another seed was uploaded for a hardware token.</summary>
    public const string HardwareTokenUpdate = "system.mfa.hardware_token.update";
    /// <summary>A hardware token was removed.</summary>
    public const string HardwareTokenDelete = "system.mfa.hardware_token.delete";
    /// <summary>A portion of a file of hardware tokens was taken in.</summary>
    public const string HardwareTokenImport = "system.mfa.hardware_token.import";
    /// <summary>A request to an address that may not be called was refused.</summary>
    public const string OutboundRefused = "integration.outbound.refuse";
    /// <summary>A test request was sent, or stopped before that.</summary>
    public const string TestRequestSend = "integration.test_request.send";
    /// <summary>A secret was made.</summary>
    public const string SecretCreate = "integration.secret.create";
    /// <summary>A secret was given another value.</summary>
    public const string SecretUpdate = "integration.secret.update";
    /// <summary>A secret was removed.</summary>
    public const string SecretDelete = "integration.secret.delete";
    /// <summary>An environment was made.</summary>
    public const string EnvironmentCreate = "integration.environment.create";
    /// <summary>An environment was changed.</summary>
    public const string EnvironmentUpdate = "integration.environment.update";
    /// <summary>An environment was removed.</summary>
    public const string EnvironmentDelete = "integration.environment.delete";
    /// <summary>A version of a workflow definition was made.</summary>
    public const string WorkflowDefinitionCreate = "integration.workflow_definition.create";
    /// <summary>A version of a workflow definition was replaced.</summary>
    public const string WorkflowDefinitionUpdate = "integration.workflow_definition.update";
    /// <summary>A version of a workflow definition was removed.</summary>
    public const string WorkflowDefinitionDelete = "integration.workflow_definition.delete";
    /// <summary>A task definition was made.</summary>
    public const string TaskDefinitionCreate = "integration.task_definition.create";
    /// <summary>A task definition was replaced.</summary>
    public const string TaskDefinitionUpdate = "integration.task_definition.update";
    /// <summary>A task definition was removed.</summary>
    public const string TaskDefinitionDelete = "integration.task_definition.delete";

    /// <summary>The name of the same event in the older API, where the contract has one; else null.</summary>
    public static string? LegacyEventType(LogEvent logged)
        => logged.EventType != Verify ? null : logged.Outcome == "SUCCESS" ? "core.user.factor.attempt_success" : "core.user.factor.attempt_fail";

    /// <summary><c>WEB</c> for what a request caused, <c>JOB</c> for the service's own doing.</summary>
    public static string TransactionType(LogEvent logged) => logged.Request is null ? "JOB" : "WEB";

    /// <summary>Whether it is one of these types; each has a text of its own.</summary>
    public static bool IsKnown(string eventType) => DisplayMessage(eventType) != eventType;

    /// <summary>The text shown for an event type.</summary>
    public static string DisplayMessage(string eventType) => eventType switch
    {
        Verify => "Authentication of user via MFA",
        FactorActivate => "Activate factor for user",
        FactorDeactivate => "Reset factor for user",
        FactorUpdate => "Update factor for user",
        PushApproved => "User approved a push",
        PushDenied => "User rejected a push",
        SuspiciousActivity => "User report suspicious activity",
        FactorResetAll => "Reset all factors for user",
        AccountLock => "Max sign in attempts exceeded",
        AccountUnlock => "User account unlocked",
        AccountUnlockByAdmin => "User account unlocked by administrator",
        ProfileUpdate => "Update user profile",
        PasswordReset => "User reset password",
        PasswordUpdate => "User update password",
        UserCreate => "Create user",
        UserActivate => "Activate user",
        UserReactivate => "Reactivate user",
        UserDeactivate => "Deactivate user",
        UserSuspend => "Suspend user",
        UserUnsuspend => "Unsuspend user",
        UserDeleteInitiated => "Delete user initiated",
        UserDeleteCompleted => "Delete user completed",
        OrgFactorActivate => "Activate factor",
        OrgFactorDeactivate => "Deactivate factor",
        TokenCreate => "Create API token",
        TokenRevoke => "Revoke API token",
        RateLimitWarning => "Rate limit warning",
        RateLimitViolation => "Rate limit violation",
        OperationRateLimitViolation => "Operation rate limit violation",
        SmsEnrollSent => "Send SMS message for phone verification",
        SmsVerifySent => "Send SMS message for factor verification",
        SmsLinkSent => "Send SMS message for push activation",
        PushSent => "Send push for factor verification",
        SmsReceipt => "Receive status of SMS message",
        CallEnrollSent => "Send phone verification call",
        CallVerifySent => "Send MFA challenge call",
        CallReceipt => "Receive status of voice call",
        EmailSent => "Send factor verification email",
        EmailRedeemed => "User redeemed email factor",
        SendsPaused => "Sending to a range of phone numbers was paused",
        SmsTemplateCreate => "Create custom SMS template",
        SmsTemplateUpdate => "Update custom SMS template",
        SmsTemplateDelete => "Delete custom SMS template",
        InlineHookCreated => "Inline hook created",
        InlineHookUpdated => "Inline hook updated",
        InlineHookActivated => "Inline hook activated",
        InlineHookDeactivated => "Inline hook deactivated",
        InlineHookDeleted => "Inline hook deleted",
        InlineHookExecuted => "Inline hook executed",
        InlineHookProcessed => "Inline hook response processed",
        EventHookCreated => "Event hook created",
        EventHookUpdated => "Event hook updated",
        EventHookActivated => "Event hook activated",
        EventHookDeactivated => "Event hook deactivated",
        EventHookDeleted => "Event hook deleted",
        EventHookVerified => "Event hook verified",
        EventHookDelivery => "Event hook delivery",
        HardwareTokenCreate => "Upload hardware token",
        HardwareTokenUpdate => "Replace hardware token",
        HardwareTokenDelete => "Delete hardware token",
        HardwareTokenImport => "Import hardware tokens",
        OutboundRefused => "Refuse outbound request",
        TestRequestSend => "Send test request",
        SecretCreate => "Create secret",
        SecretUpdate => "Update secret",
        SecretDelete => "Delete secret",
        EnvironmentCreate => "Create environment",
        EnvironmentUpdate => "Update environment",
        EnvironmentDelete => "Delete environment",
        WorkflowDefinitionCreate => "Create workflow definition",
        WorkflowDefinitionUpdate => "Update workflow definition",
        WorkflowDefinitionDelete => "Delete workflow definition",
        TaskDefinitionCreate => "Create task definition",
        TaskDefinitionUpdate => "Update task definition",
        TaskDefinitionDelete => "Delete task definition",
        _ => eventType,
    };
}
