using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Countersign.Testing.Mail;
using MimeKit;

namespace Countersign.Delivery.Tests.Smtp;

/// <summary>Exim with a configuration of its own, on a loopback port: it takes mail over STARTTLS from one user and puts it in a maildir. Nothing of the system's mail is touched.</summary>
[SupportedOSPlatform("linux")]
internal sealed class EximServer : IAsyncDisposable
{
    public const string UserName = "countersign";
    public const string Password = "secret";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    // Debian keeps it where only root's path leads.
    private const string Program = "/usr/sbin/exim4";
    private readonly DirectoryInfo _folder;
    private readonly TestAuthority _authority;
    private readonly Process _process;
    private readonly Task<string> _errors;

    private EximServer(DirectoryInfo folder, TestAuthority authority, int port, Process process)
    {
        (_folder, _authority, Port, _process) = (folder, authority, port, process);
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Port { get; }
    public string CaCertificateFile => _authority.CertificateFile;
    private string Inbox => Path.Combine(_folder.FullName, "mail", "new");

    public static async Task<EximServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-exim-");
        var authority = new TestAuthority();
        var port = FreePort();
        WriteFiles(folder, authority, port);
        var start = new ProcessStartInfo(Program, ["-C", Path.Combine(folder.FullName, "exim.conf"), "-bdf"]) { RedirectStandardError = true };
        var server = new EximServer(folder, authority, port, Process.Start(start)!);
        await server.WaitUntilItListensAsync();
        return server;
    }

    /// <summary>The next mail that is delivered.</summary>
    public async Task<MimeMessage> ReceiveAsync()
    {
        var arrived = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Inbox);
        // A maildir's file is put into "new" when it is whole.
        watcher.Created += (_, file) => arrived.TrySetResult(file.FullPath);
        watcher.Renamed += (_, file) => arrived.TrySetResult(file.FullPath);
        watcher.EnableRaisingEvents = true;
        if (Directory.EnumerateFiles(Inbox).FirstOrDefault() is { } earlier)
            arrived.TrySetResult(earlier);
        return await MimeMessage.LoadAsync(await arrived.Task.WaitAsync(Patience));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _errors;
        _process.Dispose();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task WaitUntilItListensAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"Exim ended with {_process.ExitCode}: {await _errors}");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, limit.Token);
            }
        }
    }

    private static void WriteFiles(DirectoryInfo folder, TestAuthority authority, int port)
    {
        const UnixFileMode all = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
            | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        // Exim gives up root and works as a user of its own.
        folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        foreach (var name in (string[])["spool", "log", "mail", "mail/new", "mail/cur", "mail/tmp"])
            folder.CreateSubdirectory(name).UnixFileMode = all;
        using var certificate = authority.Issue();
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
        Write("cert.pem", certificate.ExportCertificatePem());
        Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        Write("exim.conf", Configuration.Replace("{folder}", folder.FullName, StringComparison.Ordinal).Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

        void Write(string name, string text)
        {
            var path = Path.Combine(folder.FullName, name);
            File.WriteAllText(path, text);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private const string Configuration = """
        primary_hostname = localhost
        spool_directory = {folder}/spool
        log_file_path = {folder}/log/%s
        pid_file_path = {folder}/spool/exim.pid
        local_interfaces = 127.0.0.1
        daemon_smtp_ports = {port}
        host_lookup =
        rfc1413_hosts =
        keep_environment =
        never_users =
        deliver_drop_privilege
        tls_advertise_hosts = *
        tls_certificate = {folder}/cert.pem
        tls_privatekey = {folder}/key.pem
        auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
        acl_smtp_rcpt = recipient
        acl_smtp_data = message
        begin acl
        recipient:
          deny message = authentication required
               !authenticated = *
          deny message = no such user
               local_parts = nobody
          accept
        message:
          accept
        begin routers
        all:
          driver = accept
          transport = maildir
        begin transports
        maildir:
          driver = appendfile
          directory = {folder}/mail
          maildir_format
        begin authenticators
        plain:
          driver = plaintext
          public_name = PLAIN
          server_prompts = :
          server_condition = ${if and{{eq{$auth2}{countersign}}{eq{$auth3}{secret}}}}
          server_set_id = $auth2
        """;
}

/// <summary>A test that starts Exim, which takes a configuration of one's own from root alone.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EximFactAttribute : FactAttribute
{
    public EximFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "Exim reads a configuration of one's own only as root";
    }
}
