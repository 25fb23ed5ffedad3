using System.Security.Cryptography;
using System.Text;

namespace Countersign.Server.Factors.Duo;

/// <summary>The two pages that a user may see who comes back from Duo's: it worked, or it did not. They say nothing else, load nothing and run nothing.</summary>
internal sealed class DuoPage : IResult
{
    private const string Style = "body{font:1.125rem/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto 0;padding:0 1.5rem;color:#1a1a1a;background:#fff}"
        + "h1{font-size:1.5rem}@media(prefers-color-scheme:dark){body{color:#eee;background:#1a1a1a}}";

    private static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly byte[] DoneBody = Body("Done", "You may close this window and go back to where you came from.");
    private static readonly byte[] FailedBody = Body("That did not work", "Close this window, go back to where you came from, and try again.");

    private readonly byte[] _body;
    private readonly int _status;

    private DuoPage(byte[] body, int status) => (_body, _status) = (body, status);

    /// <summary>It worked.</summary>
    public static DuoPage Done { get; } = new(DoneBody, StatusCodes.Status200OK);

    /// <summary>It did not.</summary>
    public static DuoPage Failed(int status) => new(FailedBody, status);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = _status;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = _body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        // The page's own address holds the state.
        response.Headers["Referrer-Policy"] = "no-referrer";
        return response.Body.WriteAsync(_body, 0, _body.Length, httpContext.RequestAborted);
    }

    private static byte[] Body(string title, string text) => Encoding.UTF8.GetBytes(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title><style>{Style}</style></head>
        <body><main><h1>{title}</h1><p role="status">{text}</p></main></body>
        </html>
        """);
}
