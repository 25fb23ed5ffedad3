using System.Text;
using Countersign.Integrations.Http;

namespace Countersign.Integrations.Tests.Http;

public sealed class RequestReaderTests
{
    [Theory]
    [InlineData("""{"uri":"http://a.example","method":"FETCH"}""", "method must be one of")]
    [InlineData("""{"uri":5,"method":"GET"}""", "uri must be a text")]
    [InlineData("""{"uri":"/relative","method":"GET"}""", "uri must be an absolute address")]
    [InlineData("""{"uri":"ftp://a.example/","method":"GET"}""", "scheme 'ftp'")]
    [InlineData("""{"uri":"http:///path","method":"GET"}""", "uri has no host")]
    [InlineData("""{"uri":"http://u:p@a.example/","method":"GET"}""", "user info")]
    [InlineData("""{"uri":"http://a.example/\u0007","method":"GET"}""", "control character")]
    [InlineData("""{"uri":"http://a.example/\r\nX: y","method":"GET"}""", "control character")]
    [InlineData("""{"uri":"http://a.example:0/","method":"GET"}""", "host or port")]
    [InlineData("""{"uri":"http://a.example:70000/","method":"GET"}""", "host or port")]
    [InlineData("""{"uri":"http://a b.example/","method":"GET"}""", "character that no host has")]
    [InlineData("""{"uri":"http://a.example\\@b.example/","method":"GET"}""", "user info")]
    [InlineData("""{"uri":"http://a.example/x y","method":"GET","encode":false}""", "uri contains a character")]
    [InlineData("""{"uri":"http://a.example","method":"GET","headers":[]}""", "headers must be an object")]
    [InlineData("""{"uri":"http://a.example","method":"GET","headers":{"Host":"b"}}""", "Host cannot be set")]
    [InlineData("""{"uri":"http://a.example","method":"GET","headers":{"content-length":"1"}}""", "content-length cannot be set")]
    [InlineData("""{"uri":"http://a.example","method":"GET","headers":{"Proxy-Anything":"1"}}""", "cannot be set")]
    [InlineData("""{"uri":"http://a.example","method":"GET","headers":{"A B":"1"}}""", "no name of a header")]
    [InlineData("""{"uri":"http://a.example","method":"GET","headers":{"A":"1\r\nB: 2"}}""", "line break")]
    [InlineData("""{"uri":"http://a.example","method":"GET","headers":{"A":"1\u0000"}}""", "line break")]
    [InlineData("""{"uri":"http://a.example","method":"GET","accept":{"a":1}}""", "accept must be")]
    [InlineData("""{"uri":"http://a.example","method":"GET","connectionTimeOut":-1}""", "connectionTimeOut must be")]
    [InlineData("""{"uri":"http://a.example","method":"GET","readTimeOut":"soon"}""", "readTimeOut must be")]
    [InlineData("""{"uri":"http://a.example","method":"GET","acceptedStatusCodes":["ok"]}""", "acceptedStatusCodes must be")]
    [InlineData("""{"uri":"http://a.example","method":"GET","acceptedStatusCodes":[]}""", "acceptedStatusCodes must be")]
    [InlineData("""{"uri":"http://a.example","method":"GET","encode":"perhaps"}""", "encode must be")]
    [InlineData("""{"uri":"http://a.example","method":"POST","contentType":"text/plain; charset=us-ascii","body":"ü"}""", "character set")]
    [InlineData("""{"uri":"http://a.example","method":"POST","contentType":"text/plain; charset=klingon","body":"a"}""", "character set")]
    [InlineData("""{"uri":"http://a.example","method":"POST","contentType":"x","body":"a"}""", "no content type")]
    [InlineData("""{"uri":"http://a.example","method":"POST","body":{"base64":"?"}}""", "base64")]
    [InlineData("""{"uri":"http://a.example","method":"GET","authentication":{"type":"kerberos"}}""", "authentication.type")]
    [InlineData("""{"uri":"http://a.example","method":"GET","authentication":{"type":"bearer"}}""", "authentication.token is missing")]
    [InlineData("""{"uri":"http://a.example","method":"GET","authentication":{"type":"apiKey","in":"body","name":"a","value":"b"}}""", "authentication.in")]
    [InlineData("""{"uri":"http://a.example","method":"GET","authentication":{"type":"oauth2","tokenUrl":"file:///x","clientId":"a","clientSecret":"b"}}""", "authentication.tokenUrl")]
    [InlineData("""[1]""", "must be an object")]
    public void What_is_wrong_is_named(string json, string fault)
    {
        Assert.False(RequestReader.TryRead(Calls.Json(json), out _, out var found));
        Assert.Contains(fault, found, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_said_has_its_usual_value()
    {
        var settings = Calls.Read("""{"uri":"http://a.example","method":"get","headers":null,"body":null}""");

        Assert.Equal(("GET", "http://a.example/", 3000, 30000, true), (settings.Method, settings.Uri.OriginalString, settings.ConnectTimeout.TotalMilliseconds, settings.ReadTimeout.TotalMilliseconds, settings.FollowsRedirects));
        Assert.Equal([new("Accept", "application/json")], settings.Headers.ToArray());
        Assert.Null(settings.Body);
    }

    [Theory]
    [InlineData("0", 600_000)]
    [InlineData("\"0\"", 600_000)]
    [InlineData("\"5000\"", 5000)]
    [InlineData("5000.0", 5000)]
    [InlineData("99999999", 600_000)]
    public void Times_are_read_as_number_or_text(string value, int milliseconds)
        => Assert.Equal(milliseconds, Calls.Read($$$"""{"uri":"http://a.example","method":"GET","readTimeOut":{{{value}}}}""").ReadTimeout.TotalMilliseconds);

    [Theory]
    [InlineData("", "[1,2]", "application/json", "[1,2]")]
    [InlineData("", "\"{\\\"a\\\": 1}\"", "application/json", "{\"a\": 1}")]
    [InlineData("", "5", "application/json", "5")]
    [InlineData(""","contentType":"application/vnd.x+json" """, "{\"a\":\"<é>\"}", "application/vnd.x+json", "{\"a\":\"<é>\"}")]
    [InlineData(""","contentType":"application/x-www-form-urlencoded" """, "{\"a\":\"x y&\",\"l\":[1,true],\"n\":null}", "application/x-www-form-urlencoded", "a=x+y%26&l=1&l=true")]
    [InlineData(""","contentType":"application/x-www-form-urlencoded" """, "\"a=1\"", "application/x-www-form-urlencoded", "a=1")]
    [InlineData(""","contentType":"text/plain" """, "\"é\"", "text/plain", "é")]
    [InlineData(""","contentType":"text/xml" """, "{\"a\":1}", "text/xml", "{\"a\":1}")]
    [InlineData(""","headers":{"content-type":"text/csv"}""", "\"a,b\"", "text/csv", "a,b")]
    [InlineData("", "{\"base64\":\"aGVsbG8=\"}", "application/json", "hello")]
    [InlineData("", "{\"base64\":\"aGVsbG8=\",\"more\":1}", "application/json", "{\"base64\":\"aGVsbG8=\",\"more\":1}")]
    public void A_body_is_written_by_its_content_type(string more, string body, string contentType, string bytes)
    {
        var settings = Calls.Read($$$"""{"uri":"http://a.example","method":"POST","body":{{{body}}}{{{more}}}}""");

        Assert.Equal(bytes, Encoding.UTF8.GetString(settings.Body!.Value.Span));
        Assert.Equal([contentType], settings.Headers.Where(header => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Select(header => header.Value));
    }

    [Fact]
    public void Of_two_spellings_one_is_sent_and_lists_are_sent_several_times()
    {
        var settings = Calls.Read("""{"uri":"http://a.example","method":"GET","headers":{"x-a":"1","X-A":["2",null,3],"accept":"text/html"},"accept":["a/b","c/d"]}""");

        Assert.Equal([new("X-A", "2"), new("X-A", "3"), new("accept", "text/html")], settings.Headers.ToArray());
    }

    [Theory]
    [InlineData("http://a.example/%7Euser/%zz/100%", "http://a.example/%7Euser/%25zz/100%25")]
    [InlineData("http://a.example/a/../b/./c", "http://a.example/a/../b/./c")]
    [InlineData("http://a.example?q=<x>|{y}^`\\", "http://a.example/?q=%3Cx%3E%7C%7By%7D%5E%60%5C")]
    [InlineData("HTTP://A.Example:80/x#f", "http://a.example/x")]
    [InlineData("http://a.example./x", "http://a.example/x")]
    [InlineData("http://bücher.example/", "http://xn--bcher-kva.example/")]
    [InlineData("http://2130706433:81/", "http://127.0.0.1:81/")]
    [InlineData("https://[2001:4860:4860:0:0:0:0:8888]/", "https://[2001:4860:4860::8888]/")]
    [InlineData("http://a.example/😀", "http://a.example/%F0%9F%98%80")]
    public void An_address_keeps_its_escapes_and_gets_what_it_lacks(string text, string expected)
        => Assert.Equal(expected, Calls.Read(System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string> { ["uri"] = text, ["method"] = "GET" })).Uri.OriginalString);
}
