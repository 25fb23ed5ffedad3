using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;

namespace Countersign.Server.Authenticator;

/// <summary>A file of the app.</summary>
internal sealed record AuthenticatorFile(byte[] Content, string ContentType, EntityTagHeaderValue EntityTag);

/// <summary>The app's files, which are part of the server's assembly, and the list of them that its service worker keeps for offline use.</summary>
internal sealed class AuthenticatorFiles
{
    /// <summary>The module that names every file and the version of them all: a change of any file makes browsers fetch them again.</summary>
    internal const string Shell = "shell.js";

    private const string Prefix = "authenticator/";
    private const string Index = "index.html";
    private const string ServiceWorker = "service-worker.js";

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".json"] = "application/json",
        [".webmanifest"] = "application/manifest+json",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, AuthenticatorFile> _files;

    /// <summary>Reads them from the assembly.</summary>
    public AuthenticatorFiles()
    {
        var assembly = typeof(AuthenticatorFiles).Assembly;
        var files = new SortedDictionary<string, AuthenticatorFile>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var name = resource[Prefix.Length..].Replace('\\', '/');
            files[name] = Describe(name, content);
        }

        files[Shell] = Describe(Shell, ShellOf(files));
        _files = files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The file at a path below <c>/authenticator/</c>; the empty path is the page.</summary>
    public AuthenticatorFile? Find(string path) => _files.GetValueOrDefault(path.Length == 0 ? Index : path);

    private static AuthenticatorFile Describe(string name, byte[] content) => new(
        content,
        ContentTypes[Path.GetExtension(name)],
        new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\""));

    // The service worker itself is the browser's to keep; it would never be renewed if it answered for itself.
    private static byte[] ShellOf(SortedDictionary<string, AuthenticatorFile> files)
    {
        var tags = string.Join('\n', files.Select(file => $"{file.Key} {file.Value.EntityTag}"));
        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tags)).AsSpan(0, 8));
        var names = new JsonArray([.. files.Keys.Where(name => name is not (Index or ServiceWorker)).Prepend("./").Append(Shell).Select(name => JsonValue.Create(name))]);
        return Encoding.UTF8.GetBytes($"export const version = {JsonValue.Create(version).ToJsonString()};\nexport const files = {names.ToJsonString()};\n");
    }
}
