using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Countersign.Delivery.Http;
using Countersign.Delivery.Tls;
using Countersign.Factors.BackEnds;
using Countersign.Settings;
using Microsoft.Extensions.Logging;

namespace Countersign.Delivery.SymantecVip;

/// <summary>
/// Asks the VIP web service about credentials, which knows us by our certificate. Two consecutive codes are synchronized, which works for enabled credentials alone; CheckOTP, which also
/// takes two, would pass over a credential's lock.
/// </summary>
public sealed class VipBackEnd : ITokenBackEnd, IDisposable
{
    private readonly VipSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly BoundedHttpClient _client;

    /// <summary>Makes the back end. Nothing is connected before the first code.</summary>
    /// <exception cref="SettingsException">A file cannot be read, or the address is not encrypted.</exception>
    public VipBackEnd(VipSettings settings, TimeProvider clock, ILogger logger)
    {
        if (settings.Url.Scheme != Uri.UriSchemeHttps) throw new SettingsException($"{nameof(settings.Url)}: found '{settings.Url}', allowed is an https address");
        (_settings, _clock, _logger) = (settings, clock, logger);
        var certificate = TlsFiles.Certificate(settings.CertificateFile, settings.CertificateKeyFile, settings.CertificatePassword)
            ?? throw new SettingsException($"{nameof(settings.CertificateFile)}: found nothing; the service knows us by a certificate");
        _client = new BoundedHttpClient(clock, TlsFiles.Client(settings.Url.Host, settings.CaFile, certificate));
    }

    /// <inheritdoc/>
    public async ValueTask<TokenAnswer> CheckAsync(TokenCheck check, CancellationToken cancellationToken)
    {
        // The state of a challenge is the code that was not enough by itself.
        if (!check.State.IsEmpty) return await AskAsync(check, VipMessages.Synchronize, [Encoding.UTF8.GetString(check.State.Span), check.PassCode], cancellationToken).ConfigureAwait(false);
        return check.NextPassCode is { } next
            ? await AskAsync(check, VipMessages.Synchronize, [check.PassCode, next], cancellationToken).ConfigureAwait(false)
            : await AskAsync(check, VipMessages.Validate, [check.PassCode], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<TokenAnswer> AskAsync(TokenCheck check, string operation, string[] codes, CancellationToken cancellationToken)
    {
        // An NCName, as ids in XML are: it begins with a letter.
        var id = $"CS{RandomNumberGenerator.GetHexString(14)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, _settings.Url) { Content = new ByteArrayContent(VipMessages.Write(operation, id, check.CredentialId, codes)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml", "utf-8");
        request.Headers.Add("SOAPAction", "\"\"");   // SOAP 1.1 §6.1.1: the address says it all

        using var limit = new CancellationTokenSource(_settings.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var reply = await _client.SendAsync(request, either.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        switch (reply)
        {
            case HttpReply.Silent silent:
                _logger.LogWarning(EventIds.BackEndSilent, "The VIP service did not answer: {Reason}", silent.Reason);
                return new TokenAnswer.Silent();
            case HttpReply.Answered { Fault: BodyFault.Late or BodyFault.CutOff } broken:
                _logger.LogWarning(EventIds.BackEndSilent, "The VIP service did not answer: {Reason}", broken.Fault.Reason);
                return new TokenAnswer.Silent();
            case HttpReply.Answered { IsSuccess: true, Fault: BodyFault.None } answered when VipMessages.ReadReason(answered.Body, operation, id) is { } reason:
                var meaning = VipReasons.Meaning(reason, codes);
                if (meaning is TokenAnswer.Refused) _logger.LogError(EventIds.BackEndRefused, "The VIP service refuses to {Operation}: reason {Reason}", operation, reason);
                return meaning;
            case HttpReply.Answered answered:
                _logger.LogError(EventIds.BackEndRefused, "The VIP service's answer with status {Status} cannot be understood", (int)answered.Status);
                return new TokenAnswer.Refused();
            default:
                _logger.LogError(EventIds.BackEndRefused, "The VIP service's answer is not HTTP");
                return new TokenAnswer.Refused();
        }
    }
}
