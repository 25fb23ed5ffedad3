namespace Countersign.Delivery.Twilio;

/// <summary>What came of a status callback. Closed: nothing outside this file can add a case.</summary>
public abstract record TwilioCallback
{
    private TwilioCallback() { }

    /// <summary>Twilio says what became of a message.</summary>
    /// <param name="Status">What it says.</param>
    public sealed record Receipt(TwilioStatus Status) : TwilioCallback;

    /// <summary>It is Twilio's, but says nothing that counts. It is answered like a receipt, or Twilio would ask again.</summary>
    public sealed record Other : TwilioCallback;

    /// <summary>Twilio did not sign it.</summary>
    public sealed record Forged : TwilioCallback;

    /// <summary>Checks and reads a callback.</summary>
    /// <param name="settings">The account; without its token everything is forged.</param>
    /// <param name="address">The address as Twilio was given it: the configured public address and path, and the query of the request as it came.</param>
    /// <param name="form">The form's parameters, decoded, all of them.</param>
    /// <param name="signature">The value of <see cref="TwilioSignature.Header"/>; null when there is none.</param>
    public static TwilioCallback Read(TwilioSettings settings, string address, IReadOnlyCollection<KeyValuePair<string, string>> form, string? signature)
    {
        if (settings.AuthToken is not { } token || !TwilioSignature.IsValid(token, address, form, signature)) return new Forged();
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in form) parameters.TryAdd(name, value);
        return TwilioStatus.Read(parameters) is { } status ? new Receipt(status) : new Other();
    }
}
