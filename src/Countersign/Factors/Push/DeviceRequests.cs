using Countersign.Outbox;

namespace Countersign.Factors.Push;

/// <summary>What a device says that is to be bound.</summary>
/// <param name="Ticket">The ticket of the activation link.</param>
/// <param name="Key">The device's key.</param>
/// <param name="Device">What it says of itself.</param>
/// <param name="Signature">The signature of the <c>register</c> statement by that key, base64url.</param>
public sealed record DeviceRegistration(string Ticket, DeviceKey Key, DeviceDescription Device, string Signature);

/// <summary>What a person said to a request.</summary>
public enum DeviceDecision
{
    /// <summary>It was them.</summary>
    Approve,
    /// <summary>No.</summary>
    Deny,
    /// <summary>No, and somebody else must have asked.</summary>
    Report,
}

/// <summary>The decisions' names.</summary>
public static class DeviceDecisions
{
    private static readonly string[] Names = ["approve", "deny", "report"];

    extension(DeviceDecision decision)
    {
        /// <summary>The name that is sent and signed.</summary>
        public string Name => Names[(int)decision];
    }

    /// <summary>Reads a name.</summary>
    public static bool TryParse(string? name, out DeviceDecision decision)
    {
        decision = (DeviceDecision)Array.IndexOf(Names, name);
        return (int)decision >= 0;
    }
}

/// <summary>An answer as a device sends it.</summary>
/// <param name="TransactionId">The request that it is to.</param>
/// <param name="Decision">What the person said.</param>
/// <param name="Number">The number that they gave; empty for none.</param>
/// <param name="Signature">The signature of the <c>answer</c> statement, base64url.</param>
public sealed record DeviceAnswer(string TransactionId, DeviceDecision Decision, string Number, string Signature);

/// <summary>Where an activation link is to be sent.</summary>
/// <param name="Channel"><see cref="Channel.Email"/>, to the user's primary address, or <see cref="Channel.Sms"/>.</param>
/// <param name="PhoneNumber">The number, as the client wrote it.</param>
/// <param name="BaseUrl">The public address without a slash at the end.</param>
/// <param name="Message">What is asked of the message.</param>
public sealed record LinkRequest(Channel Channel, string? PhoneNumber, string BaseUrl, MessageRequest Message);
