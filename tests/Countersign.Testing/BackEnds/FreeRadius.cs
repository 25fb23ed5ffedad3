using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Countersign.Testing.Mail;

namespace Countersign.Testing.BackEnds;

/// <summary>
/// FreeRADIUS with a configuration of its own, on loopback ports: over UDP, and over TLS to clients with a certificate. It drops requests without a Message-Authenticator, and what it
/// answers depends on the user's name. Nothing of the system's configuration is touched.
/// </summary>
public sealed class FreeRadius : IAsyncDisposable
{
    public const string Secret = "testing123";
    /// <summary>Accepts <see cref="Passcode"/> and everything else that begins with 1234 and has 12 digits.</summary>
    public const string Ines = "ines.kovar";
    /// <summary>Is answered by a challenge, which <see cref="Passcode"/> with its State answers.</summary>
    public const string Next = "next";
    /// <summary>Is not answered.</summary>
    public const string Silent = "silent";
    /// <summary>As <see cref="Ines"/>, but without a Message-Authenticator, as servers of old answer.</summary>
    public const string Old = "old";
    /// <summary>Accepts everything that has <see cref="Long"/> as passcode, for a client at 198.51.100.23.</summary>
    public const string LongUser = "l\u00e4ng";
    public const string Passcode = "123481059263";
    public const string Prompt = "Wait for the tokencode to change, then enter the new tokencode";
    /// <summary>As long as passcodes can be: 128 octets.</summary>
    public static readonly string Long = new string('7', 126) + "\u00df";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    // Debian keeps it where only root's path leads.
    private const string Program = "/usr/sbin/freeradius";
    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly Task _output;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _lastLines = new();

    // Not -X: TLS wants threads.
    private FreeRadius(DirectoryInfo folder, TestAuthority authority, int port, int tlsPort)
    {
        (_folder, Authority, Port, TlsPort) = (folder, authority, port, tlsPort);
        _process = Process.Start(new ProcessStartInfo(Program, ["-fxx", "-l", "stdout", "-d", folder.FullName]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _output = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    /// <summary>Its port for UDP.</summary>
    public int Port { get; }
    /// <summary>Its port for TLS.</summary>
    public int TlsPort { get; }
    /// <summary>Who issued its certificate, and must have issued its clients'.</summary>
    public TestAuthority Authority { get; }

    /// <summary>Starts it, and waits until it listens.</summary>
    public static async Task<FreeRadius> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-radius-");
        var authority = new TestAuthority();
        var (port, tlsPort) = (FreePort(ProtocolType.Udp), FreePort(ProtocolType.Tcp));
        WriteFiles(folder, authority, port, tlsPort);
        var server = new FreeRadius(folder, authority, port, tlsPort);
        try
        {
            await server._ready.Task.WaitAsync(Patience);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client's certificate with its key, as a PEM file; from its authority, or from nobody.</summary>
    public string ClientCertificate(bool isTrusted = true)
    {
        using var certificate = isTrusted ? Authority.Issue("countersign.example.com", forClient: true) : TestAuthority.SelfSigned("countersign.example.com");
        var path = Path.Combine(_folder.FullName, $"client-{Guid.NewGuid():n}.pem");
        File.WriteAllText(path, Pem(certificate));
        return path;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _output;
        _process.Dispose();
        Authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_lastLines)
            {
                _lastLines.Enqueue(line);
                if (_lastLines.Count > 20) _lastLines.Dequeue();
            }
            if (line.Contains("Ready to process requests", StringComparison.Ordinal)) _ready.TrySetResult();
        }
        lock (_lastLines) _ready.TrySetException(new InvalidOperationException($"FreeRADIUS ended: {string.Join(Environment.NewLine, _lastLines)}"));
    }

    private static void WriteFiles(DirectoryInfo folder, TestAuthority authority, int port, int tlsPort)
    {
        using var certificate = authority.Issue();
        File.WriteAllText(Path.Combine(folder.FullName, "server.pem"), Pem(certificate));
        File.WriteAllText(Path.Combine(folder.FullName, "radiusd.conf"), Configuration
            .Replace("{folder}", folder.FullName, StringComparison.Ordinal).Replace("{ca}", authority.CertificateFile, StringComparison.Ordinal)
            .Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{tlsPort}", tlsPort.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{long}", Long, StringComparison.Ordinal));
    }

    private static string Pem(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    private static int FreePort(ProtocolType protocol)
    {
        using var socket = new Socket(protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream, protocol);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private const string Configuration = """
        prefix = /usr
        libdir = /usr/lib/freeradius
        logdir = {folder}
        raddbdir = {folder}
        run_dir = {folder}
        max_request_time = 30
        # Answers to copies are kept for as long as this.
        cleanup_delay = 5
        hostname_lookups = no
        log {
          destination = stdout
        }
        security {
          reject_delay = 0
          status_server = no
        }
        proxy_requests = no
        thread pool {
          start_servers = 2
          max_servers = 8
          min_spare_servers = 1
          max_spare_servers = 4
        }
        modules {
          always handled {
            rcode = handled
          }
          always reject {
            rcode = reject
          }
        }
        client udp {
          ipaddr = 127.0.0.1
          secret = testing123
          require_message_authenticator = yes
        }
        clients radsec {
          client tls {
            ipaddr = 127.0.0.1
            proto = tls
            secret = radsec
            require_message_authenticator = yes
          }
        }
        server tests {
          listen {
            type = auth
            ipaddr = 127.0.0.1
            port = {port}
          }
          listen {
            type = auth
            proto = tcp
            ipaddr = 127.0.0.1
            port = {tlsPort}
            clients = radsec
            tls {
              private_key_file = {folder}/server.pem
              certificate_file = {folder}/server.pem
              ca_file = {ca}
              tls_min_version = "1.2"
              tls_max_version = "1.3"
              require_client_cert = yes
            }
          }
          authorize {
            if (&User-Name == "silent") {
              update control {
                &Response-Packet-Type := Do-Not-Respond
              }
              handled
            }
            if (&User-Name != "old") {
              update reply {
                &Message-Authenticator := 0x00
              }
            }
            if (&NAS-Identifier != "countersign" || &NAS-Port-Type != Virtual || &Proxy-State) {
              reject
            }
            if (&User-Name == "next" && !&State) {
              update reply {
                &State := 0x00ff5345435552494400
                &Reply-Message := "Wait for the tokencode to change, "
                &Reply-Message += "then enter the new tokencode"
              }
              update control {
                &Response-Packet-Type := Access-Challenge
              }
              handled
            }
            if (&User-Name == "next" && &State == 0x00ff5345435552494400 && &User-Password == "123481059263") {
              update control {
                &Auth-Type := Accept
              }
            }
            elsif ((&User-Name == "ines.kovar" || &User-Name == "old") && &User-Password =~ /^1234[0-9]{8}$/ && !&State) {
              update control {
                &Auth-Type := Accept
              }
            }
            elsif (&User-Name == "läng" && &User-Password == "{long}" && &Calling-Station-Id == "198.51.100.23") {
              update control {
                &Auth-Type := Accept
              }
            }
            else {
              reject
            }
          }
          authenticate {
          }
        }
        """;
}
