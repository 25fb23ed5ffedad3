using System.Net;
using System.Text.Json.Nodes;
using Countersign.Testing;

namespace Countersign.Server.Tests.HttpTasks;

public sealed class HttpTaskEndpointTests
{
    private const string Path = "/countersign/v1/http-tasks";

    [Fact]
    public async Task A_command_becomes_a_request_and_the_request_becomes_code()
    {
        await using var app = new CountersignApp();

        var read = await app.PostAsync($"{Path}/from-curl", new JsonObject { ["command"] = "curl -L https://a.example/$ID -H 'Accept: application/json' -o out.json" });
        var written = await app.PostAsync($"{Path}/export", new JsonObject { ["http_request"] = read.Json["http_request"]!.DeepClone(), ["format"] = "python" });

        Assert.Equal("https://a.example/${workflow.input.ID}", (string?)read.Json["http_request"]!["uri"]);
        Assert.Equal(2, read.Json["warnings"]!.AsArray().Count);
        Assert.StartsWith("import requests\n\nworkflow_input_ID = \"\"  # ${workflow.input.ID}\n", (string?)written.Json["code"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from-curl", """{}""", "command: The field cannot be left blank")]
    [InlineData("from-curl", """{"command":"curl -k --frob https://a.example"}""", "command: the option -k/--insecure cannot be taken over")]
    [InlineData("export", """{"format":"curl"}""", "http_request: The field cannot be left blank")]
    [InlineData("export", """{"http_request":{}}""", "format: The field cannot be left blank")]
    [InlineData("export", """{"http_request":{"uri":"https://a.example","method":"GET"},"format":"cobol"}""", "format: must be one of")]
    public async Task What_cannot_be_read_or_written_is_refused_with_the_reason(string operation, string body, string cause)
    {
        await using var app = new CountersignApp();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var response = await app.Client.PostAsync($"{Path}/{operation}", content);
        var answer = await Answer.ReadAsync(response);

        Assert.Equal((HttpStatusCode.BadRequest, "E0000001"), (answer.Status, answer.ErrorCode));
        Assert.Contains(cause, answer.Text, StringComparison.Ordinal);
    }
}
