using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Delivery.Smpp;

/// <summary>Opens the stream that a session runs on.</summary>
internal static class SmppConnection
{
    /// <summary>Connects, and encrypts where that is set. Throws <see cref="SmppException"/> when it does not work.</summary>
    public static async Task<Stream> OpenAsync(SmppSettings settings, CancellationToken cancellationToken)
    {
        var encryption = settings.Tls ? Encryption(settings) : null;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(settings.Host, settings.Port, cancellationToken);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (encryption is null) return stream;
            var encrypted = new SslStream(stream);
            stream = encrypted;
            await encrypted.AuthenticateAsClientAsync(encryption, cancellationToken);
            return encrypted;
        }
        catch (Exception exception)
        {
            if (stream is not null) await stream.DisposeAsync();
            socket.Dispose();
            if (Meaning(exception) is { } meaning) throw new SmppException(meaning, exception);
            throw;
        }
    }

    private static string? Meaning(Exception exception) => exception switch
    {
        SocketException refused => $"the connection failed: {refused.SocketErrorCode}",
        AuthenticationException => $"the connection could not be encrypted: {exception.Message}",
        IOException => "the connection was lost before it was encrypted",
        _ => null,
    };

    /// <summary>The certificate is verified whatever is set: by the system's authorities or by the configured ones alone.</summary>
    private static SslClientAuthenticationOptions Encryption(SmppSettings settings)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = settings.TlsHost.Length > 0 ? settings.TlsHost : settings.Host };
        if (!settings.TlsHostCheck)
            options.RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
        if (settings.CaFile.Length == 0) return options;
        try
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(settings.CaFile);
            options.CertificateChainPolicy = policy;
            return options;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SmppException($"the authorities in {nameof(settings.CaFile)} could not be read", exception);
        }
    }
}
