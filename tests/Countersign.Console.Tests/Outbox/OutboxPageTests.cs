using System.Net;
using Bunit;
using Countersign.Console.Outbox;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor;

namespace Countersign.Console.Tests.Outbox;

public sealed class OutboxPageTests : ConsoleTest
{
    private const string First = "GET /countersign/v1/outbox?limit=50";

    private const string Mail = """
        {"id":"msg2","channel":"email","recipient":"ines@example.com","status":"KEPT","created":"2026-03-05T09:41:07.000Z","expires":"2026-03-05T09:46:07.000Z",
         "lastUpdated":"2026-03-05T09:41:07.000Z","attempts":0,"purpose":"VERIFICATION","userId":"00u1","factorId":"emf1","code":"482915","language":"en",
         "subject":"Your code","text":"Enter 482915.","html":"<p onclick='parent.steal()'>Enter <b id='inside'>482915</b></p><script>steal()</script>"}
        """;

    private const string Failed = """
        {"id":"msg1","channel":"sms","recipient":"+14155550142","status":"FAILED","created":"2026-03-05T09:40:07.000Z","expires":"2026-03-05T09:45:07.000Z",
         "lastUpdated":"2026-03-05T09:40:11.000Z","attempts":3,"purpose":"ACTIVATION","userId":"00u1","factorId":"sms1","provider":"acme","reference":"SM-77","reason":"number unreachable"}
        """;

    private const string Link = """
        {"id":"msg3","channel":"sms","recipient":"+14155550142","status":"KEPT","created":"2026-03-05T09:41:07.000Z","expires":"2026-03-05T09:51:07.000Z",
         "lastUpdated":"2026-03-05T09:41:07.000Z","attempts":0,"purpose":"ACTIVATION_LINK","userId":"00u1","factorId":"opf1","link":"https://mfa.example.com/authenticator/#activate=t","language":"en",
         "text":"Open https://mfa.example.com/authenticator/#activate=t"}
        """;

    private const string Push = """
        {"id":"msg4","channel":"push","recipient":"opf1","status":"SENT","created":"2026-03-05T09:41:07.000Z","expires":"2026-03-05T09:46:07.000Z",
         "lastUpdated":"2026-03-05T09:41:07.000Z","attempts":1,"purpose":"VERIFICATION","userId":"00u1","provider":"push.example.com"}
        """;

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 5, 9, 42, 0, TimeSpan.Zero));

    public OutboxPageTests() => Services.AddSingleton<TimeProvider>(_clock);

    [Fact]
    public void Messages_are_listed_without_their_codes()
    {
        Server.On(First, $"[{Mail},{Failed}]");

        var page = RenderPage("outbox");

        Assert.Equal(["ines@example.com", "+14155550142"], page.FindAll("button.row-link").Select(button => button.TextContent));
        var rows = page.FindAll("tbody tr");
        Assert.Contains("Email", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Kept", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("SMS", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("Failed", rows[1].TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("482915", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kept_link_can_be_copied_and_a_push_says_no_more_than_where_it_went()
    {
        Server.On(First, $"[{Link},{Push}]");
        var page = RenderPage("outbox");
        Assert.Contains("Push", page.FindAll("tbody tr")[1].TextContent, StringComparison.Ordinal);

        await page.FindAll("button.row-link")[0].ClickAsync();

        Assert.Contains("https://mfa.example.com/authenticator/#activate=t", page.Find(".side dl").TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.Find("[aria-label='Copy the link']"));
        Assert.Empty(page.FindAll(".one-time-code"));

        await page.FindAll("button.row-link")[1].ClickAsync();

        Assert.Contains("push.example.com", page.Find(".side dl").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".side pre"));
    }

    [Fact]
    public async Task A_kept_message_opens_with_its_code_and_texts()
    {
        Server.On(First, $"[{Mail}]");
        var page = RenderPage("outbox");

        await page.Find("button.row-link").ClickAsync();

        Assert.Equal("482915", page.Find(".one-time-code code").TextContent);
        Assert.NotNull(page.Find("[aria-label='Copy the code']"));
        Assert.Equal("Your code", page.Find(".side h2").TextContent);
        Assert.Equal("Enter 482915.", page.Find(".side pre").TextContent);
        Assert.Equal("users/00u1", page.Find(".side a").GetAttribute("href"));
    }

    [Fact]
    public async Task A_mails_html_stays_in_a_frame_that_may_do_nothing()
    {
        Server.On(First, $"[{Mail}]");
        var page = RenderPage("outbox");

        await page.Find("button.row-link").ClickAsync();

        var frame = page.Find("iframe");
        Assert.Equal("", frame.GetAttribute("sandbox"));
        Assert.Contains("<script>steal()</script>", frame.GetAttribute("srcdoc"), StringComparison.Ordinal);
        Assert.Empty(page.FindAll("#inside"));
        Assert.Empty(page.FindAll("script"));
        Assert.Empty(page.FindAll("[onclick^='parent']"));
    }

    [Fact]
    public async Task A_code_whose_time_is_over_says_so()
    {
        Server.On(First, $"[{Mail}]");
        _clock.Advance(TimeSpan.FromMinutes(5));
        var page = RenderPage("outbox");

        await page.Find("button.row-link").ClickAsync();

        Assert.Contains("The code's time is over.", page.Find(".side").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_was_given_to_a_provider_opens_with_what_became_of_it()
    {
        Server.On(First, $"[{Failed}]");
        var page = RenderPage("outbox");

        await page.Find("button.row-link").ClickAsync();

        var facts = page.Find(".side .facts").TextContent;
        Assert.All(["acme", "SM-77", "number unreachable", "sms1", "msg1", "Activation"], fact => Assert.Contains(fact, facts, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".one-time-code"));
        Assert.Empty(page.FindAll("iframe"));
    }

    [Fact]
    public async Task Escape_closes_a_message_and_forgets_its_code()
    {
        Server.On(First, $"[{Mail}]");
        var page = RenderPage("outbox");
        await page.Find("button.row-link").ClickAsync();

        await page.Find(".side").KeyDownAsync(new KeyboardEventArgs { Key = "Escape" });

        Assert.DoesNotContain("482915", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_are_shown_by_the_servers_link()
    {
        Server.On(First, $"[{Mail}]", HttpStatusCode.OK, "<https://mfa.example.com/countersign/v1/outbox?limit=50&after=msg2>; rel=\"next\"")
            .On("GET /countersign/v1/outbox?limit=50&after=msg2", $"[{Failed}]");
        var page = RenderPage("outbox");

        await page.Find(".show-more button").ClickAsync();

        Assert.Equal(2, page.FindAll("tbody tr").Count);
        Assert.Empty(page.FindAll(".show-more"));
    }

    [Theory]
    [InlineData("ines@example.com", "ines@example.com")]
    [InlineData("+1 (415) 555-0142", "+14155550142")]
    public void The_recipient_in_the_address_is_asked_for(string recipient, string asked)
    {
        Server.On($"GET /countersign/v1/outbox?recipient={asked}&limit=50", "[]");

        var page = RenderPage(OutboxOperations.PageHref(recipient));

        Assert.Contains("There is no message to this recipient.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_goes_into_the_address()
    {
        Server.On(First, $"[{Mail}]").On("GET /countersign/v1/outbox?recipient=+14155550142&limit=50", $"[{Failed}]");
        var page = RenderPage("outbox");

        var search = page.FindComponent<MudTextField<string>>();
        await page.InvokeAsync(() => search.Instance.ValueChanged.InvokeAsync("+14155550142"));   // what follows its pause

        Assert.EndsWith("outbox?recipient=%2B14155550142", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Equal("+14155550142", page.Find("button.row-link").TextContent);
    }

    [Fact]
    public void An_empty_outbox_explains_itself()
    {
        Server.On(First, "[]");

        var page = RenderPage("outbox");

        Assert.Contains("the outbox keeps the message with its code", page.Find(".empty-state").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_is_shown()
    {
        Server.Refuse(First, HttpStatusCode.Forbidden, "E0000006", "You do not have permission to perform the requested action");

        var page = RenderPage("outbox");

        Assert.Contains("You do not have permission", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".empty-state"));
    }

    [Fact]
    public async Task Looking_again_asks_again()
    {
        Server.On(First, "[]").On(First, $"[{Mail}]");
        var page = RenderPage("outbox");

        await page.Find("[aria-label='Look again']").ClickAsync();

        Assert.Single(page.FindAll("tbody tr"));
    }

    private IRenderedComponent<OutboxPage> RenderPage(string address)
    {
        RenderFrame();
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<OutboxPage>();
    }
}
