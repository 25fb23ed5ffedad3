using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Countersign.Server.AdminConsole;

/// <summary>A file of the console, in the encoding that fits the request.</summary>
internal sealed record ConsoleFile(string PhysicalPath, string ContentType, string? Encoding, bool IsImmutable, DateTimeOffset LastModified, EntityTagHeaderValue EntityTag);

/// <summary>Finds the console's files, which the build has compressed already.</summary>
internal sealed class ConsoleFiles(IWebHostEnvironment environment)
{
    private const string Index = "index.html";

    private static readonly (string Encoding, string Suffix)[] Encodings = [("br", ".br"), ("gzip", ".gz")];
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    // Published, the files lie beside the program, wherever that is started from.
    private readonly IFileProvider _files = Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot", "console"))
        ? new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "wwwroot"))
        : environment.WebRootFileProvider;

    /// <summary>
    /// The file at a path below <c>/console/</c>. A path that does not end as files do is a page, as
    /// <c>catalog/apis/example.com-2026-01-01</c>, and pages all begin with the index.
    /// </summary>
    public ConsoleFile? Find(string path, StringValues acceptEncoding)
    {
        if (path.Contains('\\')) return null;   // no page has it in its path
        var name = path;
        if (!ContentTypes.TryGetContentType(name, out var contentType))
            (name, contentType) = (Index, "text/html");

        foreach (var (encoding, suffix) in Encodings)
        {
            if (Accepts(acceptEncoding, encoding) && Existing(name + suffix) is { } compressed)
                return Describe(compressed, name, contentType, encoding);
        }

        return Existing(name) is { } plain ? Describe(plain, name, contentType, encoding: null) : null;
    }

    private IFileInfo? Existing(string name) => _files.GetFileInfo($"console/{name}") is { Exists: true, PhysicalPath: not null } file ? file : null;

    private static ConsoleFile Describe(IFileInfo file, string name, string contentType, string? encoding) => new(
        file.PhysicalPath!,
        contentType,
        encoding,
        IsFingerprinted(name),
        file.LastModified,
        new EntityTagHeaderValue($"\"{file.LastModified.UtcTicks:x}-{file.Length:x}\""));

    private static bool Accepts(StringValues acceptEncoding, string encoding)
        => StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var accepted)
            && accepted.Any(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0);

    // The framework's files carry a fingerprint of their content: System.Linq.ia3yx1w3p9.wasm.
    private static bool IsFingerprinted(string name)
        => name.StartsWith("_framework/", StringComparison.Ordinal)
            && Path.GetExtension(Path.GetFileNameWithoutExtension(name)) is ['.', .. { Length: 10 } fingerprint]
            && fingerprint.All(letter => char.IsAsciiDigit(letter) || char.IsAsciiLetterLower(letter));
}
