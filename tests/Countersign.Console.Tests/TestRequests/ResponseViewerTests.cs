using System.Text;
using Bunit;
using Countersign.Console.TestRequests;

namespace Countersign.Console.Tests.TestRequests;

public sealed class ResponseViewerTests : ConsoleTest
{
    private string? _used;

    [Fact]
    public void A_json_body_is_a_tree_beside_status_time_and_size()
    {
        var viewer = RenderViewer(Json("""{"factorResult":"SUCCESS","n":42,"none":null,"rows":[{"id":1}]}"""));

        Assert.Equal("200 OK", viewer.Find(".response-line .status").TextContent);
        Assert.Contains("63 bytes", viewer.Find(".response-line").TextContent, StringComparison.Ordinal);
        Assert.Contains("The task would be completed.", viewer.Find(".hint-line").TextContent, StringComparison.Ordinal);
        Assert.Equal(["factorResult", "n", "none", "rows", "id"], viewer.FindAll(".member").Select(member => member.TextContent));
        Assert.Equal("\"SUCCESS\"", viewer.Find(".value.string").TextContent);
        Assert.Equal("42", viewer.Find(".value.number").TextContent);
        Assert.Equal(["First byte", "Total"], viewer.FindAll(".time-parts dt").Select(part => part.TextContent));
    }

    [Fact]
    public async Task A_tree_folds()
    {
        var viewer = RenderViewer(Json("""{"rows":[{"id":1}]}"""));

        await viewer.Find("[aria-label='Fold rows']").ClickAsync();

        Assert.DoesNotContain(viewer.FindAll(".member"), member => member.TextContent == "id");
        Assert.NotNull(viewer.Find("[aria-label='Unfold rows']"));
    }

    [Fact]
    public async Task A_value_is_used_by_its_place()
    {
        var viewer = RenderViewer(Json("""{"rows":[{"the id":1}]}"""), use: true);

        await viewer.Find("[aria-label=\"Use this value: .rows[0]['the id']\"]").ClickAsync();

        Assert.Equal(".rows[0]['the id']", _used);
    }

    [Fact]
    public async Task A_long_list_is_shown_a_portion_at_a_time()
    {
        var viewer = RenderViewer(Json($"[{string.Join(',', Enumerable.Range(0, 250))}]"));
        Assert.Equal(100, viewer.FindAll(".item").Count);

        await viewer.FindAll("button").First(button => button.TextContent.StartsWith("Show more", StringComparison.Ordinal)).ClickAsync();

        Assert.Equal(200, viewer.FindAll(".item").Count);
    }

    [Fact]
    public async Task Html_stays_in_a_frame_that_may_do_nothing()
    {
        var viewer = RenderViewer(Text("<p id='inside'>Hi</p><script>steal()</script>", "html"));

        var frame = viewer.Find("iframe");
        Assert.Equal("", frame.GetAttribute("sandbox"));
        Assert.Contains("<script>steal()</script>", frame.GetAttribute("srcdoc"), StringComparison.Ordinal);
        Assert.Empty(viewer.FindAll("#inside, script"));
        await viewer.FindAll("[role=tab]")[1].ClickAsync();
        Assert.Contains("<script>", viewer.Find("pre").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Xml_is_a_tree()
    {
        JSInterop.Setup<string?>("countersign.xmlTree", "<a k=\"v\"><b>text</b></a>")
            .SetResult("""{"name":"a","attributes":[["k","v"]],"text":"","children":[{"name":"b","attributes":[],"text":"text","children":[]}]}""");

        var viewer = RenderViewer(Text("<a k=\"v\"><b>text</b></a>", "xml"));

        Assert.Equal(["a", "b"], viewer.FindAll(".member").Select(member => member.TextContent));
        Assert.Contains("k=\"v\"", viewer.Find(".attribute").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_that_is_cut_off_is_shown_as_text()
    {
        var viewer = RenderViewer(Json("""{"rows":[1,2""") with { Truncated = true });

        Assert.Equal("""{"rows":[1,2""", viewer.Find("pre.body").TextContent);
        Assert.Contains("Only the beginning is shown", viewer.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_are_shown_as_hex()
    {
        var viewer = RenderViewer(Bytes([0, 1, 0x41, 0xff], "application/octet-stream", "binary"));

        Assert.Equal("00000000  00 01 41 ff                                       ..A.", viewer.Find("pre.hex").TextContent.TrimEnd('\n'));
    }

    [Fact]
    public void A_picture_is_shown_as_one()
        => Assert.Equal("data:image/png;base64,AQI=", RenderViewer(Bytes([1, 2], "image/png", "image")).Find("img").GetAttribute("src"));

    [Fact]
    public async Task The_whole_body_is_downloaded_with_the_token()
    {
        Server.On("GET /countersign/v1/test-requests/t1/body", "whole");
        var viewer = RenderViewer(Json("{}"));

        await viewer.Find("[aria-label='Download the body']").ClickAsync();

        var call = JSInterop.Invocations["countersign.download"].Single();
        Assert.Equal("response-t1.json", call.Arguments[0]);
        Assert.Equal("whole", Encoding.UTF8.GetString((byte[])call.Arguments[1]!));
    }

    [Fact]
    public void A_request_that_was_not_answered_says_why_and_what_an_operator_could_do()
    {
        var viewer = Render<ResponseViewer>(one => one.Add(view => view.Test, new TestRequest
        {
            Id = "t1",
            Error = new TestError { Kind = "blocked", Message = "The address is private.", Setting = "Countersign__Outbound__AllowedNetworks__0" },
        }));

        Assert.Contains("The address is private.", viewer.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Countersign__Outbound__AllowedNetworks__0", viewer.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_listed()
    {
        var viewer = Render<ResponseViewer>(one => one.Add(view => view.Test, new TestRequest
        {
            Id = "t1",
            Error = new TestError { Kind = "missing", Message = "Nothing was sent.", Missing = ["workflow.input.userId"] },
        }));

        Assert.Equal("workflow.input.userId", viewer.Find("[role=alert] li").TextContent);
    }

    private static TestResponse Json(string body) => Text(body, "json");

    private static TestResponse Text(string body, string shown) => new()
    {
        StatusCode = 200,
        ReasonPhrase = "OK",
        ContentType = $"text/{shown}",
        Body = body,
        BodyEncoding = "text",
        Bytes = Encoding.UTF8.GetByteCount(body),
        Shown = shown,
        Headers = [new("Content-Type", shown)],
    };

    private static TestResponse Bytes(byte[] body, string type, string shown)
        => new() { StatusCode = 200, ContentType = type, Body = Convert.ToBase64String(body), BodyEncoding = "base64", Bytes = body.Length, Shown = shown };

    private IRenderedComponent<ResponseViewer> RenderViewer(TestResponse response, bool use = false)
    {
        RenderFrame();
        var test = new TestRequest { Id = "t1", Response = response, Hint = "The task would be completed.", Timings = new TestTimings { FirstByteMs = 12, TotalMs = 14.4 } };
        return Render<ResponseViewer>(one =>
        {
            one.Add(view => view.Test, test);
            if (use)
                one.Add(view => view.OnUse, path => _used = path);
        });
    }
}
