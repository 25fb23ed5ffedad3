using Countersign.Settings;

namespace Countersign.Delivery.SymantecVip;

/// <summary>The VIP web service. Section <c>Countersign:Symantec:Vip</c>.</summary>
public sealed class VipSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:Symantec:Vip";

    /// <summary>Where the service is. Default <c>https://vipservices-auth.verisign.com/val/soap</c>.</summary>
    public Uri Url { get; set; } = new("https://vipservices-auth.verisign.com/val/soap");
    /// <summary>The certificate by which the service knows us: a PFX file, or a PEM file; empty: the service is not used. Default empty.</summary>
    [Setting(0, 4096)]
    public string CertificateFile { get; set; } = "";
    /// <summary>The key of a certificate in PEM form, where it is in a file of its own. Default empty.</summary>
    [Setting(0, 4096)]
    public string CertificateKeyFile { get; set; } = "";
    /// <summary>The password of the certificate's file or key; empty for none. Default empty; up to 1000 characters.</summary>
    [Setting(0, 1000, IsSecret = true)]
    public string CertificatePassword { get; set; } = "";
    /// <summary>A PEM file with the authorities of which one must have issued the service's certificate; empty for those that the system trusts. Default empty.</summary>
    [Setting(0, 4096)]
    public string CaFile { get; set; } = "";
    /// <summary>How long the service may take to answer. Default 10 seconds; 0.1 seconds to 1 minute.</summary>
    [Setting(0.1, 60)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
