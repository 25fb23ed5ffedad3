using System.Net;
using Bunit;
using Countersign.Console.Catalog;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor;

namespace Countersign.Console.Tests.Catalog;

public sealed class CatalogPageTests : ConsoleTest
{
    private const string All = "GET /countersign/v1/catalog/search?limit=20", Facets = "GET /countersign/v1/catalog/facets";
    private const string Found = "GET /countersign/v1/catalog/search?q=verify factor&limit=20", FoundFacets = "GET /countersign/v1/catalog/facets?q=verify factor";

    private const string Verify = """
        {"id":"countersign/post/verify-factor","api":{"id":"countersign","provider":"countersign","name":"","version":"1","title":"Countersign"},"method":"POST",
         "path":"/api/v1/users/{userId}/factors/{factorId}/verify","title":"Verify a factor","summary":"Checks what a person has given.","deprecated":false,"tags":["Factors"],
         "highlights":{"title":"<mark>Verify</mark> a <mark>factor</mark>"}}
        """;

    private const string Charge = """
        {"id":"acme.com-2/post/charge","api":{"id":"acme.com-2","provider":"acme.com","version":"2","title":"Acme"},"method":"POST","path":"/charge","title":"Charge <b>","deprecated":true,"tags":[]}
        """;

    private const string TwoProviders = """{"providers":[{"name":"countersign","count":80},{"name":"acme.com","count":3}],"methods":[{"name":"POST","count":2}],"tags":[]}""";
    private const string OneProvider = """{"providers":[{"name":"countersign","count":80}],"methods":[],"tags":[]}""";

    private readonly FakeTimeProvider _clock = new();

    public CatalogPageTests() => Services.AddSingleton<TimeProvider>(_clock);

    [Fact]
    public void What_was_found_is_listed_with_its_marks_and_its_permalink()
    {
        Server.On(Found, $$"""{"results":[{{Verify}},{{Charge}}],"suggestions":[]}""").On(FoundFacets, TwoProviders);

        var page = RenderPage("catalog?q=verify%20factor");

        var hits = page.FindAll("a.operation");
        Assert.Equal(["catalog/countersign/post/verify-factor", "catalog/acme.com-2/post/charge"], hits.Select(hit => hit.GetAttribute("href")));
        Assert.Equal(["Verify", "factor"], hits[0].QuerySelectorAll("mark").Select(mark => mark.TextContent));
        Assert.Equal("Charge <b>", hits[1].QuerySelector(".operation-title")!.TextContent);
        Assert.Contains("deprecated", hits[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Typing_asks_once_after_a_pause()
    {
        Server.On(All, $$"""{"results":[{{Verify}}]}""").On(Facets, TwoProviders).On(Found, $$"""{"results":[{{Verify}}]}""").On(FoundFacets, TwoProviders);
        var page = RenderPage("catalog");
        var search = page.FindComponent<MudTextField<string>>();

        await page.InvokeAsync(() => { _ = search.Instance.ValueChanged.InvokeAsync("verify"); });
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        await page.InvokeAsync(() => { _ = search.Instance.ValueChanged.InvokeAsync("verify factor"); });
        _clock.Advance(TimeSpan.FromMilliseconds(149));
        Assert.DoesNotContain(Found, Server.Requests);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        await page.WaitForAssertionAsync(() => Assert.Contains(Found, Server.Requests));
        Assert.DoesNotContain(Server.Requests, request => request.Contains("q=verify&", StringComparison.Ordinal));
        Assert.EndsWith("catalog?q=verify%20factor", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arrows_choose_and_Enter_opens()
    {
        Server.On(Found, $$"""{"results":[{{Verify}},{{Charge}}]}""").On(FoundFacets, TwoProviders);
        var page = RenderPage("catalog?q=verify%20factor");
        var input = page.Find("input[type=search]");

        await input.KeyDownAsync(new KeyboardEventArgs { Key = "ArrowDown" });
        await input.KeyDownAsync(new KeyboardEventArgs { Key = "ArrowDown" });
        Assert.Contains("Charge", page.Find("a.operation.active").TextContent, StringComparison.Ordinal);
        await input.KeyDownAsync(new KeyboardEventArgs { Key = "ArrowUp" });
        await input.KeyDownAsync(new KeyboardEventArgs { Key = "Enter" });

        Assert.EndsWith("catalog/countersign/post/verify-factor", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enter_alone_opens_the_best()
    {
        Server.On(Found, $$"""{"results":[{{Charge}},{{Verify}}]}""").On(FoundFacets, TwoProviders);
        var page = RenderPage("catalog?q=verify%20factor");

        await page.Find("input[type=search]").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" });

        Assert.EndsWith("catalog/acme.com-2/post/charge", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enter_while_it_is_looked_for_opens_the_first_of_what_is_found()
    {
        Server.On(All, $$"""{"results":[{{Charge}}]}""").On(Facets, TwoProviders).On(Found, $$"""{"results":[{{Verify}}]}""").On(FoundFacets, TwoProviders);
        var page = RenderPage("catalog");
        var search = page.FindComponent<MudTextField<string>>();

        await page.InvokeAsync(() => { _ = search.Instance.ValueChanged.InvokeAsync("verify factor"); });
        await page.Find("input[type=search]").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" });
        Assert.DoesNotContain("/post/", Navigation.Uri, StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromMilliseconds(150));

        await page.WaitForAssertionAsync(() => Assert.EndsWith("catalog/countersign/post/verify-factor", Navigation.Uri, StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_results_are_shown_by_the_servers_link()
    {
        Server.On(Found, $$"""{"results":[{{Verify}}]}""", links: ["</countersign/v1/catalog/search?q=verify+factor&after=x&limit=20>; rel=\"next\""])
            .On(FoundFacets, TwoProviders).On("GET /countersign/v1/catalog/search?q=verify+factor&after=x&limit=20", $$"""{"results":[{{Charge}}]}""");
        var page = RenderPage("catalog?q=verify%20factor");

        await page.Find(".show-more button").ClickAsync();

        Assert.Equal(2, page.FindAll("a.operation").Count);
        Assert.Empty(page.FindAll(".show-more"));
    }

    [Fact]
    public void Where_nothing_is_found_the_nearest_words_lead_on()
    {
        Server.On("GET /countersign/v1/catalog/search?q=verfiy&limit=20", """{"results":[],"suggestions":["verify"]}""").On("GET /countersign/v1/catalog/facets?q=verfiy", """{"providers":[],"methods":[],"tags":[]}""");

        var page = RenderPage("catalog?q=verfiy");

        Assert.Equal("catalog?q=verify", page.Find(".suggestions a").GetAttribute("href"));
        Assert.Contains("No operation matches.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_may_be_narrowed_in_the_address()
    {
        Server.On("GET /countersign/v1/catalog/search?q=pay&provider=acme.com&method=POST&tag=Charges&limit=20", """{"results":[]}""").On("GET /countersign/v1/catalog/facets?q=pay", TwoProviders);

        var page = RenderPage("catalog?q=pay&provider=acme.com&method=POST&tag=Charges");

        Assert.Contains("Search everywhere", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_catalog_with_nothing_but_the_servers_own_offers_an_import()
    {
        Server.On(All, $$"""{"results":[{{Verify}}]}""").On(Facets, OneProvider);

        var page = RenderPage("catalog");

        Assert.Contains("countersign catalog import", page.Find(".offer").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_catalog_with_more_offers_none()
    {
        Server.On(All, $$"""{"results":[{{Verify}}]}""").On(Facets, TwoProviders);

        Assert.Empty(RenderPage("catalog").FindAll(".offer"));
    }

    [Fact]
    public void A_refusal_is_shown()
    {
        Server.Refuse(All, HttpStatusCode.ServiceUnavailable, "E0000010", "Service is in read only mode");

        Assert.Contains("read only mode", RenderPage("catalog").Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    private IRenderedComponent<CatalogPage> RenderPage(string address)
    {
        RenderFrame();
        Navigation.NavigateTo(address);
        return Render<CatalogPage>();
    }
}
