using System.Security.Cryptography;
using System.Text;
using Countersign.Outbox;
using Countersign.Settings;
using Microsoft.Extensions.Logging;

namespace Countersign.Delivery.Smpp;

/// <summary>
/// Sends text messages through a message center that speaks SMPP v3.4. One connection is shared by all sends. A message carries the time that its code has left, so
/// that an ended code is not delivered. A long text goes in segments, each a message of its own: it is accepted when all are, and its reference is the first
/// segment's id, so that the receipts of the later ones, which name nothing that is kept, are ignored.
/// </summary>
public sealed class SmppProvider : IDeliveryProvider, IAsyncDisposable
{
    private const int LongestReason = 200;
    private static readonly TimeSpan ThrottledFor = TimeSpan.FromSeconds(1);

    private readonly SmppSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ReceiptIntake _receipts;
    private readonly SmppLink _link;
    private readonly SmppAddress _source;
    // Begins anywhere, so that the segments of two processes or of two runs are unlikely to be taken for those of one text.
    private int _reference = RandomNumberGenerator.GetInt32(256);

    /// <summary>A provider that is not connected yet: it connects on first use, or by <see cref="Start"/>.</summary>
    /// <param name="name">The name that it is configured under.</param>
    /// <param name="settings">The account.</param>
    /// <param name="receipts">Takes what the message center says later of a message.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">Told when the connection comes and goes.</param>
    /// <exception cref="SettingsException">A setting is missing, has characters that SMPP cannot carry, or would let anybody be the message center.</exception>
    public SmppProvider(string name, SmppSettings settings, IDeliveryReceipts receipts, TimeProvider clock, ILogger logger)
    {
        if (settings.Host.Length == 0) throw new SettingsException($"{nameof(settings.Host)} of the SMPP provider {name} is missing");
        if (settings is { Tls: true, TlsHostCheck: false, CaFile: "" })
            throw new SettingsException($"{nameof(settings.TlsHostCheck)} of the SMPP provider {name} may be false only beside {nameof(settings.CaFile)}: any host has a certificate that the system trusts");
        foreach (var (key, value) in (ReadOnlySpan<(string, string)>)[(nameof(settings.SystemId), settings.SystemId), (nameof(settings.Password), settings.Password),
            (nameof(settings.SystemType), settings.SystemType), (nameof(settings.ServiceType), settings.ServiceType), (nameof(settings.From), settings.From)])
            if (!Ascii.IsValid(value) || value.Any(char.IsControl)) throw new SettingsException($"{key} of the SMPP provider {name} may have printable ASCII characters only");
        var source = SmppAddress.Sender(settings.From);
        _source = source with { Ton = settings.FromTon < 0 ? source.Ton : (byte)settings.FromTon, Npi = settings.FromNpi < 0 ? source.Npi : (byte)settings.FromNpi };
        (Name, _settings, _clock) = (name, settings, clock);
        _receipts = new ReceiptIntake(name, settings.MessageIds, receipts, clock, logger);
        _link = new SmppLink(name, settings, _receipts, clock, logger);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Begins to connect, so that receipts of earlier messages come before the first new message is sent. Calling it again does nothing.</summary>
    public void Start() => _link.Start();

    /// <inheritdoc/>
    public async ValueTask<DeliveryResult> SendAsync(RenderedMessage message, CancellationToken cancellationToken)
    {
        if (message.Channel != Channel.Sms) throw new ArgumentException("only text messages go by SMPP", nameof(message));
        if (!SmppAddress.TryNumber(message.Recipient, out var destination)) return new DeliveryResult.Rejected("the recipient is not an international phone number");
        var pieces = EncodedText.Encode(message.Text, _settings.MessagePayload, (byte)Interlocked.Increment(ref _reference));
        if (pieces.Count == 0) return new DeliveryResult.Rejected("the text is too long");
        var (session, reason) = await _link.SessionAsync(cancellationToken);
        if (session is null) return Failed($"not bound: {reason}");

        _receipts.Begin();
        try
        {
            // The first alone: it finds out whether the recipient is refused, so that no part of a text arrives or is paid for in vain.
            var first = await SubmitAsync(session, message, destination, pieces[0], cancellationToken);
            if (!first.IsOk) return Result(first);
            var reference = MessageIdForms.Reference(first.MessageId, _settings.MessageIds);
            if (reference is not null) _receipts.Accepted(reference);
            var later = await Task.WhenAll(pieces.Skip(1).Select(piece => SubmitAsync(session, message, destination, piece, cancellationToken)));
            var failed = Array.FindIndex(later, answer => !answer.IsOk);
            return failed < 0 ? new DeliveryResult.Accepted(reference) : Result(later[failed]);
        }
        finally
        {
            _receipts.End();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ProviderHealth> CheckAsync(CancellationToken cancellationToken)
    {
        var (session, reason) = await _link.SessionAsync(cancellationToken);
        if (session is null) return new ProviderHealth(false, $"not bound: {reason}");
        var answer = await session.EnquireAsync(cancellationToken);
        return answer.IsOk ? new ProviderHealth(true, "bound; enquire_link was answered") : new ProviderHealth(false, $"bound, but enquire_link failed: {answer}");
    }

    /// <summary>Unbinds and closes the connection. Messages that are being sent fail.</summary>
    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private Task<SmppAnswer> SubmitAsync(SmppSession session, RenderedMessage message, SmppAddress destination, EncodedText piece, CancellationToken cancellationToken)
        => session.SubmitAsync(
            () => ValidityPeriod.TryFormat(message.Expires - _clock.GetUtcNow(), out var validity)
                ? new SubmitSm { ServiceType = _settings.ServiceType, Source = _source, Destination = destination, ValidityPeriod = validity, Text = piece }
                : null,
            cancellationToken);

    private static DeliveryResult Result(SmppAnswer answer)
        => answer.Missing is not null ? Failed(answer.Missing) : CommandStatus.Meaning(answer.Status) switch
        {
            StatusMeaning.Rejected => new DeliveryResult.Rejected(answer.ToString()),
            StatusMeaning.Throttled => new DeliveryResult.Failed(answer.ToString(), ThrottledFor),
            _ => Failed(answer.ToString()),
        };

    private static DeliveryResult.Failed Failed(string reason) => new(reason.Length > LongestReason ? reason[..LongestReason] : reason);
}
