using System.Text.Json.Nodes;

namespace Countersign.Integrations.Notations;

/// <summary>The request of an HTTP task from and to other notations (workflow contract 16).</summary>
public static class HttpNotations
{
    /// <summary>The longest command that is read, in characters.</summary>
    public const int LongestCommand = 256 * 1024;

    /// <summary>The notations that a request can be written in.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["curl", "csharp", "javascript", "python"];

    /// <summary>
    /// Reads a curl command for bash or for Windows' <c>cmd</c>. Variables of the shell become expressions. What the request would not be the same without refuses it: unknown options, files, certificates.
    /// </summary>
    public static ReadCommand FromCurl(string command)
    {
        var findings = new Findings();
        NotedRequest? request = null;
        if (command.Length > LongestCommand) findings.Fault($"command: must be at most {LongestCommand} characters");
        else if (command.Contains('\0', StringComparison.Ordinal)) findings.Fault("command: must not contain the character NUL");
        else if (!IsUnicode(command)) findings.Fault("command: is not valid Unicode");
        else request = new CurlReader(findings).Read(CmdReader.IsMeant(command) ? CmdReader.Read(command, findings) : new ShellReader(command, findings).Read());
        return new ReadCommand(request?.ToJson(), findings.Warnings, findings.Faults);
    }

    /// <summary>
    /// Writes a request as code that can be run. Each expression becomes a variable, declared before the code beside a comment that says which it stands for. The code of <c>curl</c> reads back
    /// (<see cref="FromCurl"/>) as the same request, but for an API key, a token that is fetched, bytes, and what curl has no word for.
    /// </summary>
    /// <param name="request"><c>http_request</c>.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    public static WrittenCode Write(JsonObject request, string format)
    {
        CodeWriter? writer = format switch
        {
            "curl" => new CurlWriter(),
            "csharp" => new CSharpWriter(),
            "javascript" => new JavaScriptWriter(),
            "python" => new PythonWriter(),
            _ => null,
        };
        if (writer is null) return new WrittenCode(null, [$"format: must be one of {string.Join(", ", Formats)}"]);
        return NotedRequests.TryRead(request, out var faults) is { } noted ? new WrittenCode(writer.Write(noted), []) : new WrittenCode(null, faults);
    }

    private static bool IsUnicode(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsSurrogate(text[i]) && (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[++i]))) return false;
        return true;
    }

    /// <summary>The same request with its defaults filled in and its body in the form that can be edited; null when it is none.</summary>
    public static JsonObject? Normalize(JsonObject request) => NotedRequests.TryRead(request, out _)?.ToJson();
}

/// <summary>What a command was read as.</summary>
/// <param name="HttpRequest"><c>http_request</c>; null when there are faults.</param>
/// <param name="Warnings">What was read otherwise than it stands there, for a person.</param>
/// <param name="Faults">What keeps it from being read.</param>
public sealed record ReadCommand(JsonObject? HttpRequest, IReadOnlyList<string> Warnings, IReadOnlyList<string> Faults);

/// <summary>A request as code.</summary>
/// <param name="Code">The code; null when there are faults.</param>
/// <param name="Faults">What keeps the request from being written.</param>
public sealed record WrittenCode(string? Code, IReadOnlyList<string> Faults);
