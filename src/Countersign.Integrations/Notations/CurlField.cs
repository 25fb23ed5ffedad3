using System.Security.Cryptography;
using System.Text;

namespace Countersign.Integrations.Notations;

/// <summary>One <c>-F</c>: a part of <c>multipart/form-data</c> (RFC 7578).</summary>
internal sealed record CurlField(string Name, Template Content, string? Type, string? FileName)
{
    /// <summary>Reads it; null with a fault when it asks for a file, or is no field.</summary>
    public static CurlField? TryRead(Template value, bool isPlain, Findings findings)
    {
        if (value.SplitAt('=') is not { } parts || parts.Before.Text is not { Length: > 0 } name)
        {
            findings.Fault($"command: -F {Findings.Shown(value.ToString())} is no field");
            return null;
        }
        var content = parts.After;
        if (isPlain) return new CurlField(name, content, null, null);
        if (content.Pieces is [{ IsExpression: false } first, ..] && first.Text[0] is '@' or '<')
        {
            findings.Fault($"command: -F {Findings.Shown(value.ToString())} cannot be taken over: files of your machine are not read");
            return null;
        }
        string? type = null, file = null;
        while (content.Pieces is [.., { IsExpression: false } last] && last.Text.LastIndexOf(';') is >= 0 and var at && last.Text[(at + 1)..] is var option
            && (option.StartsWith("type=", StringComparison.Ordinal) || option.StartsWith("filename=", StringComparison.Ordinal)))
        {
            if (option[0] == 't') type = option["type=".Length..];
            else file = option["filename=".Length..].Trim('"');
            content = content.Cut(0, last.Text.Length - at);
        }
        if (Unsafe(name) || (type is not null && Unsafe(type)) || (file is not null && Unsafe(file)))
        {
            findings.Fault($"command: the field {Findings.Shown(name)} has a line break in its name or type");
            return null;
        }
        return new CurlField(name, content, type, file);
    }

    /// <summary>All fields as a body, with a boundary that occurs in none of them and is the same for the same fields.</summary>
    public static (string Boundary, Template Body) Write(List<CurlField> fields)
    {
        var all = string.Join('\n', fields.Select(field => $"{field.Name}\n{field.Content}"));
        var boundary = "form-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..24];
        while (all.Contains(boundary, StringComparison.Ordinal)) boundary += "-";
        var body = new Template.Builder();
        foreach (var field in fields)
        {
            body.Literal($"--{boundary}\r\nContent-Disposition: form-data; name=\"{Escape(field.Name)}\"");
            if (field.FileName is not null) body.Literal($"; filename=\"{Escape(field.FileName)}\"");
            if (field.Type is not null) body.Literal($"\r\nContent-Type: {field.Type}");
            body.Literal("\r\n\r\n");
            body.Append(field.Content);
            body.Literal("\r\n");
        }
        body.Literal($"--{boundary}--\r\n");
        return (boundary, body.ToTemplate());
    }

    private static bool Unsafe(string text) => text.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0;

    private static string Escape(string text) => text.Replace("\"", "%22", StringComparison.Ordinal);
}
