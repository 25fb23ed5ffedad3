using System.Text.Json.Nodes;

namespace Countersign.Integrations.Tests.Notations;

/// <summary>Requests of HTTP tasks with every kind of character in every place.</summary>
internal static class RequestSamples
{
    /// <summary>Texts that languages quote in their own ways.</summary>
    public static readonly string[] Texts =
    [
        "plain", "two words", "it's", "say \"hi\"", "back\\slash", "$HOME", "$", "a$", "`id`", "$(id)", "!!", "100%", "%41", "a&b=c;d", "{curly}", "{{twice}}", "[1-3]", "#hash", "~", "*", "?", "ü", "日本", "😀", "a,b", "^caret^",
        "<tag>", "it''s", "\\n", "\\u0041", "$${no}", "a${workflow.input.x}b", "${workflow.input.who}", "${workflow.secrets.TOKEN}", "__proto__", "-d", "@file", "", "a:b", "a=b", "\u00A0", "\u2028",
    ];

    /// <summary>Texts that stand in bodies alone.</summary>
    public static readonly string[] MultiLine = ["line\nline", "cr\r\nlf", "tab\t", "\u0001", "trailing\\", "'\n'", "\u007f"];

    /// <summary>A request that is put together from a number.</summary>
    public static JsonObject Make(int seed, bool hasExpressions = true)
    {
        var state = (uint)(seed * 2_654_435_761) + 12_345;
        var request = new JsonObject();
        string[] methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        var method = Pick(methods);
        request["uri"] = $"https://api.example.com/{UriText(Text())}?q={UriText(Text())}&r=%20";
        request["method"] = method;
        var headers = new JsonObject();
        for (var i = Next(4); i > 0; i--) headers[$"X-{Pick(["One", "Two", "Three", "Authorization-Of"])}"] = Header(Text());
        if (Next(4) == 0) headers["X-List"] = new JsonArray(Header(Text()), Header(Text()));
        if (headers.Count > 0) request["headers"] = headers;
        request["accept"] = Pick(["application/json", "*/*", "text/plain, */*;q=0.5"]);
        if (method != "GET" && Next(5) > 0)
        {
            var type = Pick(["application/json", "application/vnd.api+json", "application/x-www-form-urlencoded", "text/plain; charset=utf-8"]);
            request["contentType"] = type;
            request["body"] = type.Contains("json", StringComparison.Ordinal) && Next(4) > 0 ? Json(3) : type.Contains("form", StringComparison.Ordinal) ? Form() : (Next(2) == 0 ? Text() : Pick(MultiLine) + Text());
        }
        if (Next(3) == 0) request["authentication"] = Next(2) == 0
            ? new JsonObject { ["type"] = "basic", ["username"] = Text().Replace(":", "", StringComparison.Ordinal), ["password"] = Text() }
            : new JsonObject { ["type"] = "bearer", ["token"] = Header(Text()) };
        if (Next(3) == 0) request["followRedirects"] = false;
        if (Next(4) == 0) request["connectionTimeOut"] = 1_500;
        if (Next(4) == 0) request["readTimeOut"] = 20_000;
        return request;

        int Next(int below)
        {
            state = (state * 1_664_525) + 1_013_904_223;
            return (int)((state >> 8) % (uint)below);
        }

        string Pick(string[] from) => from[Next(from.Length)];

        string Text()
        {
            var text = Pick(Texts) + (Next(2) == 0 ? Pick(Texts) : "");
            if (!hasExpressions) text = text.Replace("$", "s", StringComparison.Ordinal);
            // A dollar before an expression would be an escape of it.
            return text.Replace("$${workflow", "${workflow", StringComparison.Ordinal);
        }

        string Header(string text) => text.Trim().Replace("\u2028", "", StringComparison.Ordinal).Trim('\u00A0') is { Length: > 0 } value ? value : "v";

        JsonNode? Json(int depth) => Next(depth > 0 ? 9 : 6) switch
        {
            0 => Text(),
            1 => Pick(MultiLine),
            2 => JsonNode.Parse(Pick(["0", "-1", "12.50", "1.5", "12345678901234567890", "1e3", "2147483648"])),
            3 => true,
            4 => false,
            5 => depth == 3 ? new JsonObject() : null,
            6 => new JsonArray([.. Enumerable.Range(0, Next(3)).Select(_ => Json(depth - 1))]),
            _ => Object(depth),
        };

        JsonObject Object(int depth)
        {
            var map = new JsonObject();
            for (var i = Next(4); i > 0; i--) map[Pick(Texts)] = Json(depth - 1);
            return map;
        }

        JsonObject Form()
        {
            var map = new JsonObject();
            for (var i = Next(3) + 1; i > 0; i--) map[$"f{i}{Pick(["", " ü", "&="])}"] = Next(3) == 0 ? new JsonArray(Text(), Text()) : Text();
            return map;
        }
    }

    /// <summary>Text that an address may hold: what separates its parts is encoded.</summary>
    private static string UriText(string text)
        => string.Concat(text.Select(character => character is '#' or '?' or '/' or '&' or '\\' ? Uri.EscapeDataString(character.ToString()) : character.ToString()));
}
