using Countersign.Integrations.Catalog;
using Countersign.Integrations.Catalog.Search;

namespace Countersign.Integrations.Tests.Catalog;

public sealed class SearchTests
{
    private static readonly ApiName Stripe = new("stripe.com-1", "stripe.com", null, "1", "Stripe API");
    private static readonly ApiName Other = new("crm.example-1", "crm.example", null, "1", "CRM with Stripe in it");

    [Theory]
    [InlineData("sendPhoto", "send photo sendphoto")]
    [InlineData("/v1/payment_intents/{id}", "v1 payment intent id")]
    [InlineData("HTTPServer ec2 OAuth2", "http server httpserver ec2 o auth2 oauth2")]
    [InlineData("Policies addresses boxes statuses bus", "policy address box statuse bus")]
    [InlineData("Überprüfe Café", "uberprufe cafe")]
    [InlineData("  ", "")]
    public void Text_is_cut_into_words(string text, string words) => Assert.Equal(words, string.Join(' ', Words.Of(text, compounds: true)));

    [Theory]
    [InlineData("customer", "custmer", true)]
    [InlineData("customer", "cusotmer", true)]
    [InlineData("customer", "customers", true)]
    [InlineData("customer", "kustomer", true)]
    [InlineData("customer", "costumor", false)]
    [InlineData("a", "abc", false)]
    public void One_typing_error_is_near_and_two_are_not(string word, string typed, bool isNear) => Assert.Equal(isNear, Spelling.IsNear(typed, word));

    [Fact]
    public void A_query_keeps_the_words_that_say_something()
    {
        var query = SearchQuery.Parse("how to Create a customer");

        Assert.Equal(["create", "customer"], query.Words.Select(word => word.Word));
        Assert.Equal([false, true], query.Words.Select(word => word.IsLast));
        Assert.Equal(["to"], SearchQuery.Parse("to").Words.Select(word => word.Word));
        Assert.Equal(("POST", "/v1/customers/{}"), (SearchQuery.Parse("POST /v1/Customers/{id}").Method, SearchQuery.Parse("POST /v1/Customers/{id}").Path));
    }

    [Theory]
    [InlineData("create customer", "Create a customer", "List all customers", "Create a customer's card")]
    [InlineData("list customers", "List all customers", "Create a customer", "Create a customer's card")]
    [InlineData("new customer", "Create a customer", "Create a customer's card", "List all customers")]
    [InlineData("create customer card", "Create a customer's card", "Create a customer", "List all customers")]
    public void The_obvious_operation_comes_first(string text, params string[] titles)
    {
        var operations = new[]
        {
            Operation(Stripe, "GET", "/v1/customers", "List all customers"),
            Operation(Stripe, "POST", "/v1/customers/{customer}/cards", "Create a customer's card"),
            Operation(Stripe, "POST", "/v1/customers", "Create a customer"),
        };

        Assert.Equal(titles[0], Ranked(text, operations)[0].Title);
        Assert.Equal(titles.Order(StringComparer.Ordinal), Ranked(text, operations).Select(operation => operation.Title).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_provider_that_is_named_comes_before_others_and_what_is_deprecated_last()
    {
        var operations = new[]
        {
            Operation(Other, "POST", "/stripe/customers", "Create customer"),
            Operation(Stripe, "POST", "/v1/customers", "Create a customer") with { IsDeprecated = true },
            Operation(Stripe, "POST", "/v2/customers", "Create a customer"),
        };

        Assert.Equal(["/v2/customers", "/stripe/customers", "/v1/customers"], Ranked("stripe create customer", operations).Select(operation => operation.Path));
    }

    [Fact]
    public void What_was_found_is_marked_and_the_rest_is_escaped()
    {
        var terms = Terms(SearchQuery.Parse("customer cre"));

        Assert.Equal("<mark>Create</mark> a &lt;b&gt; <mark>Customers</mark>&#39; list", Highlights.Of("Create a <b> Customers' list", terms));
        Assert.Null(Highlights.Of("Nothing here", terms));
    }

    private static CatalogOperation Operation(ApiName api, string method, string path, string title)
        => new() { Key = path.Length, Api = api, Method = method, Path = path, Slug = "x", Title = title };

    private static List<QueryTerm> Terms(SearchQuery query) => [.. query.Words.Select(word => new QueryTerm(word, word.IsLast ? word.Typed : null, [], Synonyms.Of(word.Word), []))];

    private static List<CatalogOperation> Ranked(string text, params IEnumerable<CatalogOperation> operations)
    {
        var query = SearchQuery.Parse(text);
        var ranking = new Ranking(query, Terms(query));
        return [.. operations.OrderByDescending(ranking.Score)];
    }
}
