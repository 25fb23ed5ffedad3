using System.Text.Json.Nodes;
using Countersign.Integrations.Notations;

namespace Countersign.Integrations.Tests.Notations;

public sealed class CurlRoundTripTests
{
    [Fact]
    public void What_is_written_for_curl_reads_back_as_the_same_request()
    {
        for (var seed = 0; seed < 5_000; seed++)
        {
            var request = HttpNotations.Normalize(RequestSamples.Make(seed))!;
            var code = HttpNotations.Write(request, "curl").Code!;

            var read = HttpNotations.FromCurl(code);

            Assert.True(JsonNode.DeepEquals(request, read.HttpRequest), $"{seed}\n{request.ToJsonString()}\n{code}\n{string.Join('\n', read.Faults)}\n{read.HttpRequest?.ToJsonString()}");
        }
    }

    [Fact]
    public void Filling_in_defaults_twice_is_filling_them_in_once()
    {
        for (var seed = 0; seed < 1_000; seed++)
        {
            var once = HttpNotations.Normalize(RequestSamples.Make(seed))!;

            Assert.True(JsonNode.DeepEquals(once, HttpNotations.Normalize(once)), once.ToJsonString());
        }
    }

    [Fact]
    public void An_expression_becomes_a_variable_that_a_comment_explains()
    {
        var code = HttpNotations.Write(new JsonObject
        {
            ["uri"] = "https://a.example/users/${workflow.input.userId}",
            ["method"] = "POST",
            ["headers"] = new JsonObject { ["Authorization"] = "SSWS ${workflow.secrets.COUNTERSIGN_TOKEN}" },
            ["body"] = new JsonObject { ["passCode"] = "${workflow.input.passCode}" },
        }, "curl").Code;

        Assert.Equal("""
            workflow_input_userId=''  # ${workflow.input.userId}
            workflow_secrets_COUNTERSIGN_TOKEN=''  # ${workflow.secrets.COUNTERSIGN_TOKEN}
            workflow_input_passCode=''  # ${workflow.input.passCode}
            curl --request POST 'https://a.example/users/'"${workflow_input_userId}" \
              --globoff \
              --location \
              --header 'Accept: application/json' \
              --header 'Content-Type: application/json' \
              --header 'Authorization: SSWS '"${workflow_secrets_COUNTERSIGN_TOKEN}" \
              --data-raw '{"passCode":"'"${workflow_input_passCode}"'"}'

            """, code, ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("""{"method":"GET"}""", "http_request.uri")]
    [InlineData("""{"uri":"https://a.example"}""", "http_request.method")]
    [InlineData("""{"uri":"https://a.example","method":"GET","headers":[]}""", "http_request.headers")]
    [InlineData("""{"uri":"https://a.example","method":"GET","headers":{"a b":"c"}}""", "http_request.headers")]
    [InlineData("""{"uri":"https://a.example","method":"GET","headers":{"a":"c\r\nd"}}""", "http_request.headers.a")]
    [InlineData("""{"uri":"https://a.example","method":"GET","authentication":{"type":"ntlm"}}""", "http_request.authentication.type")]
    [InlineData("""{"uri":"https://a.example","method":"POST","body":{"base64":"?"}}""", "http_request.body.base64")]
    [InlineData("""{"uri":"https://a.example/\ud800","method":"GET"}""", "not valid Unicode")]
    public void What_is_no_request_is_refused_with_the_place(string request, string fault)
        => Assert.Contains(fault, HttpNotations.Write(JsonNode.Parse(request)!.AsObject(), "curl").Faults[0], StringComparison.Ordinal);
}
