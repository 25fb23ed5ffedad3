using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml;
using System.Xml.Linq;
using Countersign.Testing.Delivery;
using Countersign.Testing.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Hosting;

namespace Countersign.Testing.BackEnds;

/// <summary>
/// The validation service of VIP on a loopback port, for who has a certificate of its authority. It knows one credential, whose codes are six digits of a counter, and takes each at most once.
/// What does not follow the protocol is answered with status 400 and kept in <see cref="Faults"/>.
/// </summary>
public sealed class VipCounterpart : IAsyncDisposable
{
    public const string CredentialId = "VSMT14393584";
    private static readonly XNamespace Soap = "http://schemas.xmlsoap.org/soap/envelope/";
    private static readonly XNamespace Vip = "http://www.verisign.com/2006/08/vipservice";
    /// <summary>How far ahead a single code is looked for, and two.</summary>
    private const int LookAhead = 10, Window = 1000;

    private readonly ConcurrentQueue<Func<string, Reply>> _waiting = new();
    private readonly X509Certificate2 _certificate;
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private int _used = -1;

    /// <summary>Starts.</summary>
    public VipCounterpart()
    {
        _certificate = Authority.Issue();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = _certificate,
            ClientCertificateMode = ClientCertificateMode.RequireCertificate,
            ClientCertificateValidation = (certificate, _, _) => IsTrusted(certificate),
        })));
        _app = builder.Build();
        _app.Run(HandleAsync);
        _app.Start();
        Url = new Uri($"https://localhost:{new Uri(_app.Urls.Single()).Port}/val/soap");
    }

    /// <summary>Who issued its certificate, and must have issued its clients'.</summary>
    public TestAuthority Authority { get; } = new();
    /// <summary>Where it is.</summary>
    public Uri Url { get; }
    /// <summary>What was wrong with requests.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();
    /// <summary>The operations that were asked for, in order.</summary>
    public ConcurrentQueue<string> Operations { get; } = new();
    /// <summary>The reason code that the credential's state makes the answer to everything; null: it is enabled.</summary>
    public string? StateReason { get; set; }

    /// <summary>The credential's code at a counter.</summary>
    public static string Code(int counter) => $"{(counter * 7919 + 81073) % 1_000_000:000000}";

    /// <summary>Answers the next request with this; it is given the request's id.</summary>
    public void AnswerWith(Func<string, Reply> reply) => _waiting.Enqueue(reply);

    /// <summary>An answer as the service writes it.</summary>
    public static string Document(string operation, string id, string reason) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <Envelope xmlns="{Soap}"><Body><{operation}Response RequestId="{id}" Version="2.0" xmlns="{Vip}"><Status><ReasonCode>{reason}</ReasonCode><StatusMessage>Told to people</StatusMessage></Status></{operation}Response></Body></Envelope>
        """;

    /// <summary>A client's certificate with its key, as a PFX file with this password; from its authority, or from nobody. The caller deletes it.</summary>
    public string ClientCertificate(string password, bool isTrusted = true)
    {
        using var certificate = isTrusted ? Authority.Issue("countersign.example.com", forClient: true) : TestAuthority.SelfSigned("countersign.example.com");
        var path = Path.Combine(Path.GetDirectoryName(Authority.CertificateFile)!, $"client-{Guid.NewGuid():n}.pfx");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, password));
        return path;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _certificate.Dispose();
        Authority.Dispose();
    }

    private bool IsTrusted(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(Authority.CertificateFile);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));   // client authentication (RFC 5280 §4.2.1.12)
        return chain.Build(certificate);
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Reply reply;
        try
        {
            var (operation, id, credential, codes) = Read(context.Request, body.ToArray());
            Operations.Enqueue(operation);
            reply = _waiting.TryDequeue(out var waiting) ? waiting(id) : Reply.Json(200, Document(operation, id, Judge(operation, credential, codes)));
        }
        catch (Exception fault) when (fault is InvalidDataException or XmlException)
        {
            Faults.Enqueue(fault.Message);
            reply = Reply.Status(400);
        }
        await reply.WriteAsync(context);
    }

    private static (string Operation, string Id, string Credential, string[] Codes) Read(HttpRequest request, byte[] body)
    {
        Check(request.Method == "POST", "not POST");
        Check(request.Path == "/val/soap" && !request.QueryString.HasValue, "not the validation service's path");
        Check(request.ContentType == "text/xml; charset=utf-8", $"content type {request.ContentType}");
        Check(request.Headers["SOAPAction"] == "\"\"", "no SOAPAction");
        var envelope = XDocument.Load(new MemoryStream(body)).Root!;
        Check(envelope.Name == Soap + "Envelope" && envelope.Elements().Count() == 1, "no SOAP 1.1 envelope with a body alone");
        var content = envelope.Elements().Single();
        Check(content.Name == Soap + "Body" && content.Elements().Count() == 1, "no body with one request");
        var asked = content.Elements().Single();
        Check(asked.Name == Vip + "Validate" || asked.Name == Vip + "Synchronize", $"no operation {asked.Name}");
        Check((string?)asked.Attribute("Version") == "2.0", "another version");
        var id = (string?)asked.Attribute("Id") ?? "";
        XmlConvert.VerifyNCName(id);
        string[] names = asked.Name == Vip + "Validate" ? ["TokenId", "OTP"] : ["TokenId", "OTP1", "OTP2"];
        Check(asked.Elements().Select(element => element.Name).SequenceEqual(names.Select(name => Vip + name)), "other elements than the schema's");
        var values = asked.Elements().Select(element => element.Value).ToArray();
        return (asked.Name.LocalName, id, values[0], values[1..]);

        static void Check(bool isRight, string fault)
        {
            if (!isRight) throw new InvalidDataException(fault);
        }
    }

    private string Judge(string operation, string credential, string[] codes)
    {
        if (credential != CredentialId) return "4E03";
        if (StateReason is { } state) return state;
        lock (_gate)
        {
            var two = operation == "Synchronize";
            for (var counter = _used + 1; counter <= _used + Window; counter++)
            {
                if (codes[0] != Code(counter) || two && codes[1] != Code(counter + 1)) continue;
                // Beyond the look-ahead a single code is not enough.
                if (!two && counter > _used + LookAhead) return "4923";
                _used = two ? counter + 1 : counter;
                return "0000";
            }
            return "49B5";
        }
    }
}
