using System.Globalization;
using System.Text;

namespace Countersign.Bench.Load;

/// <summary>
/// A request as it goes over the wire, with <c>{1}</c>, <c>{2}</c> and <c>{3}</c> in the places of a line's fields
/// (at most three, with a blank between them). Fields of one place have the same length in every line.
/// </summary>
internal sealed record VerifyRequest(Uri Address, string Path, string Body, params string[] Headers)
{
    /// <summary>The request with <paramref name="sample"/>'s lengths, its places still open.</summary>
    public string Template(string sample) => Write(sample, "keep-alive");

    /// <summary>The request for one line, after which the server closes the connection.</summary>
    public byte[] Closing(string line) => Encoding.ASCII.GetBytes(Fill(Write(line, "close"), line));

    private string Write(string sample, string connection)
    {
        var length = Fill(Body, sample).Length.ToString(CultureInfo.InvariantCulture);
        string[] lines =
        [
            $"POST {Path} HTTP/1.1",
            $"Host: {Address.Authority}",
            "Content-Type: application/json",
            "Accept: application/json",
            .. Headers,
            $"Content-Length: {length}",
            $"Connection: {connection}",
            "",
            Body,
        ];
        return string.Join("\r\n", lines);
    }

    private static string Fill(string template, string line)
    {
        var fields = line.Split(' ');
        for (var i = 0; i < fields.Length; i++) template = template.Replace($"{{{i + 1}}}", fields[i], StringComparison.Ordinal);
        return template;
    }
}
