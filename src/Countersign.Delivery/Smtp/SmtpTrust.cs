using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Settings;

namespace Countersign.Delivery.Smtp;

/// <summary>Decides whether a server's certificate is good: by the operating system's authorities, or by those of a file. Its name and its dates are always checked.</summary>
internal sealed class SmtpTrust(X509Certificate2Collection authorities)
{
    public static SmtpTrust Load(string provider, string? caCertificateFile)
    {
        var authorities = new X509Certificate2Collection();
        if (caCertificateFile is null)
            return new SmtpTrust(authorities);
        try
        {
            authorities.ImportFromPemFile(caCertificateFile);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingsException($"CaCertificateFile of the SMTP provider '{provider}' cannot be read: {fault.Message}", fault);
        }
        return authorities.Count > 0 ? new SmtpTrust(authorities) : throw new SettingsException($"CaCertificateFile of the SMTP provider '{provider}' holds no certificate in PEM form.");
    }

    /// <summary>What is wrong with a certificate; null when it is good.</summary>
    public string? FindFault(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return null;
        if (certificate is not X509Certificate2 server || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return "the server has no certificate";
        var status = chain?.ChainStatus ?? [];
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && authorities.Count > 0)
            status = Build(server, chain);
        if (status.Any(fault => fault.Status.HasFlag(X509ChainStatusFlags.NotTimeValid)))
            return "the server's certificate has expired or is not valid yet";
        if (status.Length > 0)
            return "the server's certificate is not from a trusted authority";
        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "the server's certificate is for another host name" : null;
    }

    private X509ChainStatus[] Build(X509Certificate2 server, X509Chain? received)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));   // server authentication (RFC 5280 §4.2.1.12)
        chain.ChainPolicy.ExtraStore.AddRange(received?.ChainPolicy.ExtraStore ?? []);
        return chain.Build(server) ? [] : chain.ChainStatus;
    }
}
