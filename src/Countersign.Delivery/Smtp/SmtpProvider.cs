using Countersign.Outbox;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace Countersign.Delivery.Smtp;

/// <summary>
/// Sends mail through an SMTP server. Connections are kept for a while; where one of those turns out to be broken before the server took the recipient, the message
/// goes over a new one, once. A message that may have been accepted is never sent again by itself.
/// </summary>
public sealed partial class SmtpProvider : IDeliveryProvider, IAsyncDisposable
{
    private readonly SmtpSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SmtpTrust _trust;
    private readonly SmtpConnections _connections;
    private readonly MailboxAddress _from;

    /// <summary>Makes the provider; no connection is opened yet.</summary>
    /// <param name="name">The name that it is configured under.</param>
    /// <param name="settings">Its settings, which must not change any more.</param>
    /// <param name="clock">The time of mails, of idle connections and of time limits.</param>
    /// <param name="logger">Where broken connections are noted; never whom a message is for, nor codes.</param>
    /// <exception cref="Settings.SettingsException">The settings do not fit together, or the file of authorities cannot be read.</exception>
    public SmtpProvider(string name, SmtpSettings settings, TimeProvider clock, ILogger logger)
    {
        settings.Check(name);
        (Name, _settings, _clock, _logger) = (name, settings, clock, logger);
        _trust = SmtpTrust.Load(name, settings.CaCertificateFile);
        _connections = new SmtpConnections(settings, _trust, clock);
        _from = new MailboxAddress(settings.FromName ?? "", settings.From);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async ValueTask<DeliveryResult> SendAsync(RenderedMessage message, CancellationToken cancellationToken)
    {
        if (message.Channel != Channel.Email)
            return new DeliveryResult.Failed($"SMTP cannot send on the channel {message.Channel.Name}");
        using var mail = SmtpMail.TryCompose(message, _from, _clock.GetUtcNow());
        if (mail is null)
            return new DeliveryResult.Rejected("the recipient is not an e-mail address");
        using var limit = new CancellationTokenSource(_settings.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await TryAsync(mail, message, isLastTry: false, either.Token).ConfigureAwait(false)
                ?? await TryAsync(mail, message, isLastTry: true, either.Token).ConfigureAwait(false)
                ?? new DeliveryResult.Failed("the connection to the server was lost");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliveryResult.Failed("the server did not answer in time");
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ProviderHealth> CheckAsync(CancellationToken cancellationToken)
    {
        var connection = new SmtpConnection(_settings, _trust);
        using var limit = new CancellationTokenSource(_settings.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await connection.OpenAsync(either.Token).ConfigureAwait(false);
            await connection.NoOpAsync(either.Token).ConfigureAwait(false);
            return new ProviderHealth(true, connection.IsSecure ? $"ready, over {connection.SslProtocol}" : "ready, without encryption");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProviderHealth(false, "the server did not answer in time");
        }
        catch (Exception fault) when (SmtpFaults.IsExpected(fault))
        {
            return new ProviderHealth(false, SmtpFaults.Describe(fault, connection));
        }
        finally
        {
            await SmtpConnections.CloseAsync(connection).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the connections that nobody uses; those in use close when their message is done.</summary>
    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    // Null when a kept connection turned out to be broken before anything was handed over.
    private async Task<DeliveryResult?> TryAsync(MimeMessage mail, RenderedMessage message, bool isLastTry, CancellationToken cancellationToken)
    {
        using var loan = await _connections.BorrowAsync(mustBeNew: isLastTry, cancellationToken).ConfigureAwait(false);
        var connection = loan.Connection;
        try
        {
            if (!loan.WasIdle)
                await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            var answer = await connection.HandOverAsync(mail, cancellationToken).ConfigureAwait(false);
            loan.IsUsable = true;
            return new DeliveryResult.Accepted(SmtpFaults.Reference(answer, mail.MessageId, message));
        }
        catch (Exception fault) when (loan.WasIdle && !connection.HasTakenRecipient && SmtpFaults.IsLoss(fault))
        {
            Log.Broken(_logger, Name);
            return null;
        }
        catch (Exception fault) when (SmtpFaults.IsExpected(fault))
        {
            loan.IsUsable = fault is MailKit.CommandException && connection.IsReady;
            return SmtpFaults.Judge(fault, connection, message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Debug, "A kept connection of the provider {Provider} was broken; its message goes over a new one")]
        public static partial void Broken(ILogger logger, string provider);
    }
}
