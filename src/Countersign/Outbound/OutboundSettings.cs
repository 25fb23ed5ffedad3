using System.Net;
using Countersign.Settings;

namespace Countersign.Outbound;

/// <summary>What may be called where a user chooses the target: HTTP tasks, test requests, fetched documents and hooks (workflow contract 8.7). Section <c>Countersign:Outbound</c>.</summary>
public sealed class OutboundSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:Outbound";

    /// <summary>Networks that may be called although they are private. Default: none.</summary>
    public IPNetwork[] AllowedNetworks { get; set; } = [];
    /// <summary>Hosts that may be called whatever their addresses are: exact names, or <c>*.corp.example</c> for all below one. Default: none; 1 to 300 characters each.</summary>
    [Setting(1, 300)]
    public string[] AllowedHosts { get; set; } = [];
    /// <summary>Networks that may not be called, whatever else allows it. Default: none.</summary>
    public IPNetwork[] DeniedNetworks { get; set; } = [];
    /// <summary>Whether <c>http</c> may be called beside <c>https</c>. Default: yes.</summary>
    public bool PlainHttp { get; set; } = true;
}
