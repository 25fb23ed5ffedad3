using System.Text.Json.Nodes;
using Countersign.Integrations.Notations;

namespace Countersign.Integrations.Tests.Notations;

public sealed class CurlReadingTests
{
    public static TheoryData<string, string> Commands => new()
    {
        { "curl https://api.example.com/users", """{"uri":"https://api.example.com/users","method":"GET","accept":"*/*","followRedirects":false}""" },
        { "$ curl -L https://a.example/x", """{"uri":"https://a.example/x","method":"GET","accept":"*/*"}""" },
        { "/usr/bin/curl -sSL -XDELETE https://a.example/x", """{"uri":"https://a.example/x","method":"DELETE","accept":"*/*"}""" },
        { "curl -L --compressed -fsS 'https://a.example/x y?q=ü&r=[1]'", """{"uri":"https://a.example/x%20y?q=%C3%BC&r=[1]","method":"GET","accept":"*/*"}""" },
        {
            """
            curl -L -X POST 'https://a.example/v1/charges' \
              -H 'Content-Type: application/json' \
              -H "Accept: application/json" \
              -H 'X-Name: it'\''s' -H 'X-Empty;' \
              --data-raw $'{"text":"tab\\there, it\'s \u00fc"}'
            """,
            """{"uri":"https://a.example/v1/charges","method":"POST","headers":{"X-Name":"it's","X-Empty":""},"accept":"application/json","contentType":"application/json","body":{"text":"tab\there, it's ü"}}"""
        },
        { "curl -L https://a.example -d a=1 -d b=two%20words -d a2=", """{"uri":"https://a.example","method":"POST","accept":"*/*","contentType":"application/x-www-form-urlencoded","body":{"a":"1","b":"two words","a2":""}}""" },
        { "curl -L https://a.example -d a=1 -d a=2", """{"uri":"https://a.example","method":"POST","accept":"*/*","contentType":"application/x-www-form-urlencoded","body":{"a":["1","2"]}}""" },
        { "curl -L https://a.example -d a=1 -d b=2 -d a=3", """{"uri":"https://a.example","method":"POST","accept":"*/*","contentType":"application/x-www-form-urlencoded","body":"a=1&b=2&a=3"}""" },
        { "curl -L https://a.example -d 'a=100%'", """{"uri":"https://a.example","method":"POST","accept":"*/*","contentType":"application/x-www-form-urlencoded","body":"a=100%"}""" },
        { "curl -L -G https://a.example/s?x=1 -d q=a --data-urlencode 'r=b & c'", """{"uri":"https://a.example/s?x=1&q=a&r=b%20%26%20c","method":"GET","accept":"*/*"}""" },
        { "curl -L https://a.example --json '{\"a\":1}'", """{"uri":"https://a.example","method":"POST","accept":"application/json","contentType":"application/json","body":{"a":1}}""" },
        { "curl -L https://a.example --json '{\"a\":' --json '1.50}'", """{"uri":"https://a.example","method":"POST","accept":"application/json","contentType":"application/json","body":{"a":1.50}}""" },
        { "curl -L -u ann:p:w https://a.example", """{"uri":"https://a.example","method":"GET","accept":"*/*","authentication":{"type":"basic","username":"ann","password":"p:w"}}""" },
        { "curl -L https://ann:p%40w@a.example/x", """{"uri":"https://a.example/x","method":"GET","accept":"*/*","authentication":{"type":"basic","username":"ann","password":"p@w"}}""" },
        { "curl -L --oauth2-bearer t0k https://a.example", """{"uri":"https://a.example","method":"GET","accept":"*/*","authentication":{"type":"bearer","token":"t0k"}}""" },
        { "curl -I https://a.example", """{"uri":"https://a.example","method":"HEAD","accept":"*/*","followRedirects":false}""" },
        { "curl -L -b 'a=1; b=2' -b c=3 -A Mozilla -e https://r.example --url a.example", """{"uri":"http://a.example","method":"GET","headers":{"Cookie":"a=1; b=2; c=3","User-Agent":"Mozilla","Referer":"https://r.example"},"accept":"*/*"}""" },
        { "curl -L -m 2.5 --connect-timeout 1 https://a.example", """{"uri":"https://a.example","method":"GET","accept":"*/*","connectionTimeOut":1000,"readTimeOut":2500}""" },
        { "curl -L https://a.example | jq .", """{"uri":"https://a.example","method":"GET","accept":"*/*"}""" },
        { "curl -L https://a.example 2>/dev/null", """{"uri":"https://a.example","method":"GET","accept":"*/*"}""" },
        { "# a comment\nTOKEN=abc\ncurl -L https://a.example -H \"Authorization: Bearer $TOKEN\" # done", """{"uri":"https://a.example","method":"GET","headers":{"Authorization":"Bearer abc"},"accept":"*/*"}""" },
        { "curl -L https://a.example/${ID} -H \"Authorization: Bearer $API_TOKEN\"", """{"uri":"https://a.example/${workflow.input.ID}","method":"GET","headers":{"Authorization":"Bearer ${workflow.secrets.API_TOKEN}"},"accept":"*/*"}""" },
        { "curl -L --json '{\"n\":\"${workflow.input.n}\"}' https://a.example", """{"uri":"https://a.example","method":"POST","accept":"application/json","contentType":"application/json","body":{"n":"${workflow.input.n}"}}""" },
        { "curl -L --json \"{\\\"n\\\": $N}\" https://a.example", """{"uri":"https://a.example","method":"POST","accept":"application/json","contentType":"application/json","body":{"n":"${workflow.input.N}"}}""" },
        { "curl -L https://a.example -H 'X: \\$'\"\\${no}\"", """{"uri":"https://a.example","method":"GET","headers":{"X":"\\$$${no}"},"accept":"*/*"}""" },
        {
            "curl --location ^\"https://a.example/x?a=1^&b=2^\" ^\r\n  -H ^\"content-type: application/json^\" ^\r\n  --data-raw ^\"^{^\\^\"a^\\^\":^\\^\"b^%^20^\\^\"^}^\"",
            """{"uri":"https://a.example/x?a=1&b=2","method":"POST","accept":"*/*","contentType":"application/json","body":{"a":"b%20"}}"""
        },
        { "curl.exe -L -d \"{\"\"a\"\": 1}\" -H \"Content-Type: application/json\" https://a.example", """{"uri":"https://a.example","method":"POST","accept":"*/*","contentType":"application/json","body":{"a":1}}""" },
    };

    [Theory, MemberData(nameof(Commands))]
    public void A_command_is_read_as_what_it_sends(string command, string expected)
    {
        var read = HttpNotations.FromCurl(command);

        Assert.Empty(read.Faults);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), read.HttpRequest), read.HttpRequest!.ToJsonString());
    }

    [Theory]
    [InlineData("curl -k https://a.example", "-k/--insecure cannot be taken over: certificates are always verified")]
    [InlineData("curl --frobnicate https://a.example", "--frobnicate is not known")]
    [InlineData("curl -sQ https://a.example", "-Q of -sQ is not known")]
    [InlineData("curl -d @body.json https://a.example", "@body.json cannot be taken over: files")]
    [InlineData("curl -F f=@photo.png https://a.example", "f=@photo.png cannot be taken over: files")]
    [InlineData("curl -x http://proxy https://a.example", "--proxy")]
    [InlineData("curl --digest -u a:b https://a.example", "--digest")]
    [InlineData("curl", "the address is missing")]
    [InlineData("curl https://a.example https://b.example", "2 addresses")]
    [InlineData("curl ftp://a.example", "http:// or https://")]
    [InlineData("wget https://a.example", "must begin with curl")]
    [InlineData("curl 'https://a.example", "a quote (') is not closed")]
    [InlineData("curl \"https://a.example", "a quote (\") is not closed")]
    [InlineData("curl https://a.example/$(whoami)", "command substitution")]
    [InlineData("curl https://a.example/`whoami`", "command substitution")]
    [InlineData("curl https://a.example/${A:-b}", "A:-b")]
    [InlineData("curl -H nothing https://a.example", "is no header")]
    [InlineData("curl https://a.example -H", "has no value")]
    [InlineData("curl -X PURGE https://a.example", "PURGE is not supported")]
    [InlineData("curl -m soon https://a.example", "--max-time must be a number")]
    [InlineData("curl -F a=1 -d b=2 https://a.example", "-F and -d")]
    public void What_the_request_would_not_be_the_same_without_is_refused_by_name(string command, string fault)
    {
        var read = HttpNotations.FromCurl(command);

        Assert.Null(read.HttpRequest);
        Assert.Contains(read.Faults, found => found.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Fields_become_a_body_of_parts()
    {
        var read = HttpNotations.FromCurl("curl https://a.example -F 'name=Ann \"A\"' -F 'note=hi;type=text/plain' --form-string 'raw=@x'");

        var type = read.HttpRequest!["contentType"]!.GetValue<string>();
        var boundary = type.Split('=')[1];
        Assert.StartsWith("multipart/form-data; boundary=form-", type, StringComparison.Ordinal);
        Assert.Equal($"--{boundary}\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nAnn \"A\"\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"note\"\r\n"
            + $"Content-Type: text/plain\r\n\r\nhi\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"raw\"\r\n\r\n@x\r\n--{boundary}--\r\n", read.HttpRequest["body"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("curl https://a.example -o out.json", "-o/--output was left out")]
    [InlineData("curl https://a.example/?a=1&b=2", "put an address with & in quotes")]
    [InlineData("curl https://a.example -H 'Host: b.example'", "The header Host was left out")]
    [InlineData("curl https://a.example -X GET -d x=1", "With GET no body is sent")]
    [InlineData("curl a.example", "http:// was put before it")]
    [InlineData("curl https://a.example/$ID", "The variable ID became ${workflow.input.ID}")]
    [InlineData("curl https://a.example\ncurl https://b.example", "Only the first command was read")]
    public void What_is_read_otherwise_is_said(string command, string warning)
        => Assert.Contains(HttpNotations.FromCurl(command).Warnings, found => found.Contains(warning, StringComparison.Ordinal));

    [Fact]
    public void A_command_beyond_the_limit_is_refused()
        => Assert.Contains("at most", HttpNotations.FromCurl("curl https://a.example -d " + new string('x', HttpNotations.LongestCommand)).Faults.Single(), StringComparison.Ordinal);

    [Fact]
    public void No_text_makes_reading_fail_otherwise_than_with_a_fault()
    {
        const string Alphabet = "curl -HdXFuGk'\"\\$^`{}@=:;&|<>#\r\n\t% aé😀[](),.\u0001";
        var words = new[] { "curl ", "https://a.example/", "-H ", "-d ", "--json ", "-F ", "-u ", "$'", "${", "^\"", "\\\n", "^\n", "a=b", "'", "\"", "--data-urlencode ", "\\u12", "\\x", "$A", "A=b\n" };
        for (var seed = 0; seed < 4_000; seed++)
        {
            var state = (uint)(seed * 2_654_435_761 + 1);
            var command = new System.Text.StringBuilder("curl ");
            for (var i = 0; i < 12; i++)
            {
                state = (state * 1_664_525) + 1_013_904_223;
                command.Append(state % 3 == 0 ? Alphabet[(int)(state / 7 % Alphabet.Length)].ToString() : words[(int)(state / 7 % words.Length)]);
            }

            var read = HttpNotations.FromCurl(command.ToString());

            Assert.True(read.HttpRequest is null == (read.Faults.Count > 0), command.ToString());
            if (read.HttpRequest is { } request) Assert.True(HttpNotations.Normalize(JsonNode.Parse(request.ToJsonString())!.AsObject()) is not null, $"{command}\n{request.ToJsonString()}");
        }
    }
}
