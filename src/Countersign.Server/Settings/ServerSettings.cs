using System.Net;
using Countersign.Settings;

namespace Countersign.Server.Settings;

/// <summary>How the server is reached, and by whom it is first used. Section <c>Countersign</c>.</summary>
internal sealed class ServerSettings
{
    public const string Section = "Countersign";

    /// <summary>The base of every link and the WebAuthn origin. Default: the address that a request came to, which its sender chooses; so set it wherever others than yourself can send requests.</summary>
    public Uri? PublicUrl { get; set; }
    /// <summary>The API token that exists after the first start; absent: one is made and kept in the data directory. 20 to 500 characters.</summary>
    [Setting(20, 500, IsSecret = true)]
    public string? BootstrapToken { get; set; }
    /// <summary>The proxies whose <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> count: addresses or networks. None by default.</summary>
    public IPNetwork[] TrustedProxies { get; set; } = [];
}

/// <summary>Bounds of a request as it comes in. Section <c>Countersign:Requests</c>.</summary>
internal sealed class RequestLimits
{
    public const string Section = "Countersign:Requests";

    /// <summary>The longest body in bytes; a longer one is answered with 413. Default 262,144; 1,024 to 104,857,600.</summary>
    [Setting(1_024, 104_857_600)]
    public long MaxBodyBytes { get; set; } = 262_144;
    /// <summary>The longest path with its query, in characters; a longer one is answered with 414. Default 8,192; 1,024 to 65,536.</summary>
    [Setting(1_024, 65_536)]
    public int MaxUrlLength { get; set; } = 8_192;
    /// <summary>All headers together in bytes; more are answered with 431. Default 32,768; 4,096 to 1,048,576.</summary>
    [Setting(4_096, 1_048_576)]
    public int MaxHeaderBytes { get; set; } = 32_768;
    /// <summary>How long a client may take to send its headers. Default 30 seconds; 1 second to 10 minutes.</summary>
    [Setting(1, 600)]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(30);
    /// <summary>How long an idle connection stays open. Default 130 seconds; 1 second to 1 hour.</summary>
    [Setting(1, 3_600)]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(130);
    /// <summary>Connections open at once; further ones are closed. Default 0, no limit; 0 to 1,000,000.</summary>
    [Setting(0, 1_000_000)]
    public int MaxConnections { get; set; }
}

/// <summary>How the process stops. Section <c>Countersign:Shutdown</c>.</summary>
internal sealed class ShutdownSettings
{
    public const string Section = "Countersign:Shutdown";

    /// <summary>How long the process still listens after it was told to stop and says so at <c>/health/ready</c>, so that a load balancer can look elsewhere. Default zero; zero to 5 minutes.</summary>
    [Setting(0, 300)]
    public TimeSpan Delay { get; set; } = TimeSpan.Zero;
    /// <summary>How long requests in progress have to end before they are cut off. Default 30 seconds; 1 second to 1 hour.</summary>
    [Setting(1, 3_600)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Who may read measurements. Section <c>Countersign:Metrics</c>.</summary>
internal sealed class MetricsSettings
{
    public const string Section = "Countersign:Metrics";

    /// <summary>The addresses or networks that <c>/metrics</c> answers to. Default: this machine alone.</summary>
    public IPNetwork[] AllowedNetworks { get; set; } = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];
}
