namespace Countersign.Outbox;

/// <summary>What a message is for; a code in it counts for nothing else (contract 11.4). Stored as its number.</summary>
public enum MessagePurpose
{
    /// <summary>To activate the factor.</summary>
    Activation,
    /// <summary>To answer a challenge.</summary>
    Verification,
    /// <summary>To bind a device to the factor: the message carries a link instead of a code.</summary>
    ActivationLink,
    /// <summary>To tell administrators of a request that its user did not make.</summary>
    Report,
}

/// <summary>The purposes' names.</summary>
public static class MessagePurposes
{
    private static readonly string[] Names = ["ACTIVATION", "VERIFICATION", "ACTIVATION_LINK", "REPORT"];

    extension(MessagePurpose purpose)
    {
        /// <summary>The name that is shown, for example <c>ACTIVATION_LINK</c>.</summary>
        public string Name => Names[(int)purpose];
    }
}
