using System.Text;
using Countersign.Integrations.Catalog;
using Countersign.Integrations.Catalog.Documents;
using Countersign.Integrations.Catalog.Imports;
using Countersign.Integrations.Catalog.Reference;
using Countersign.Integrations.Catalog.Search;
using Countersign.Testing;

namespace Countersign.Storage.Tests.Catalog;

public sealed class SqliteCatalogTests() : CatalogTests(Engine.Sqlite);

public sealed class PostgresCatalogTests() : CatalogTests(Engine.Postgres);

/// <summary>What the catalog promises, on either engine.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The runner disposes of it through IAsyncLifetime.")]
public abstract class CatalogTests(Engine engine) : IAsyncLifetime
{
    private const string Shop = """
        {"openapi":"3.0.3","info":{"title":"Shop","version":"1","x-providerName":"shop.com"},"servers":[{"url":"https://api.shop.com"}],"tags":[{"name":"Customers"}],
         "paths":{
           "/customers":{"get":{"operationId":"listCustomers","summary":"List customers","tags":["Customers"],"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Customer"}}}}}}},
                         "post":{"operationId":"createCustomer","summary":"Create a customer","tags":["Customers"],"description":"Makes an invoice recipient.","requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Customer"}}}},"responses":{"201":{"description":"made"}}}},
           "/customers/{id}":{"delete":{"operationId":"deleteCustomer","summary":"Delete a customer","tags":["Customers"],"deprecated":true,"responses":{"204":{"description":"gone"}}}},
           "/orders":{"post":{"summary":"Create an order","responses":{"201":{"description":"made"}}}}},
         "components":{"schemas":{"Customer":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"friend":{"$ref":"#/components/schemas/Customer"}}}}}}
        """;

    private const string Bank = """
        openapi: 3.1.0
        info: { title: Bank, version: '2', x-providerName: bank.com }
        paths:
          /payments: { post: { operationId: createPayment, summary: Create a payment, responses: { '200': { description: ok } } } }
        """;

    private Store _store = null!;

    private ICatalogStore Catalog => _store.Get<ICatalogStore>();
    private ICatalogImports Imports => _store.Get<ICatalogImports>();
    private CatalogImporter Importer => new(Catalog, Imports, _store.Clock);
    private CatalogSearch Search => new(_store.Get<ICatalogIndex>());

    public Task InitializeAsync()
    {
        _store = new Store(engine);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task What_is_imported_is_listed_read_and_found()
    {
        var done = await ImportAsync("shop.json", Shop);
        await ImportAsync("bank.yaml", Bank);

        Assert.Equal((ImportStatus.Completed, 1, 1, 4, 0), (done.Status, done.Documents, done.Apis, done.Operations, done.Refused));
        Assert.Equal(["bank.com-2", "shop.com-1"], (await Catalog.ListAsync(null, null, null, 10, default)).Select(api => api.Name.Id));
        Assert.Equal(["shop.com-1"], (await Catalog.ListAsync("SHOP", null, null, 10, default)).Select(api => api.Name.Id));
        Assert.Equal(["shop.com-1"], (await Catalog.ListAsync(null, null, "bank.com-2", 10, default)).Select(api => api.Name.Id));
        Assert.Equal([new Facet("Customers", 3)], await Catalog.TagsAsync("shop.com-1", default));
        Assert.Equal(["list-customers", "create-customer", "delete-customer", "orders"], (await Catalog.OperationsAsync("shop.com-1", null, null, 10, default)).Select(one => one.Operation.Slug));
        Assert.Equal(["delete-customer"], (await Catalog.OperationsAsync("shop.com-1", "Customers", 1, 10, default)).Select(one => one.Operation.Slug));
        var page = await new ReferencePages(Catalog).FindAsync(new OperationKey("shop.com-1", "post", "create-customer"), "https://own", default);
        Assert.Equal(["name", "friend"], page!.Body!.Contents.Single().Fields.Select(field => field.Name));
        Assert.Equal("#/components/schemas/Customer", page.Body.Contents.Single().Fields[1].More);
        Assert.Equal(["name", "friend"], (await new ReferencePages(Catalog).FieldsAsync(new OperationKey("shop.com-1", "post", "create-customer"), "#/components/schemas/Customer", default))!.Select(field => field.Name));
        Assert.Null(await new ReferencePages(Catalog).FindAsync(new OperationKey("shop.com-1", "get", "create-customer"), "https://own", default));
    }

    [Theory]
    [InlineData("create customer", "create-customer")]
    [InlineData("new customer", "create-customer")]
    [InlineData("custo", "list-customers", "create-customer", "delete-customer")]
    [InlineData("create cust", "create-customer")]
    [InlineData("cusotmer list", "list-customers")]
    [InlineData("shop order", "orders")]
    [InlineData("bank create", "create-payment")]
    [InlineData("invoice recipient", "create-customer")]
    [InlineData("POST /orders", "orders")]
    [InlineData("payments", "create-payment")]
    public async Task The_obvious_operation_is_found_first(string query, params string[] slugs)
    {
        // Words that are seldom are taken for typing errors: these are not.
        for (var i = 0; i < 3; i++) await ImportAsync("shop.json", Shop.Replace("\"version\":\"1\"", $"\"version\":\"{i + 1}\"", StringComparison.Ordinal).Replace("shop.com", i == 0 ? "shop.com" : $"other{i}.org", StringComparison.Ordinal));
        await ImportAsync("bank.yaml", Bank);

        var found = await FindAsync(query);

        Assert.Contains(found[0].Slug, slugs);
        Assert.True(found.All(operation => !operation.IsDeprecated) || found[^1].IsDeprecated || found.TakeWhile(operation => !operation.IsDeprecated).Count() + found.Count(operation => operation.IsDeprecated) == found.Count);
    }

    [Fact]
    public async Task A_search_is_narrowed_and_says_by_what_and_suggests_when_it_finds_nothing()
    {
        await ImportAsync("shop.json", Shop);
        await ImportAsync("bank.yaml", Bank);

        Assert.Equal(["create-payment"], (await Search.FindAsync(SearchQuery.Parse("create", provider: "bank.com"), 0, 10, default)).Operations.Select(operation => operation.Slug));
        Assert.Equal(["list-customers"], (await Search.FindAsync(SearchQuery.Parse("", method: "get"), 0, 10, default)).Operations.Select(operation => operation.Slug));
        Assert.Equal(["create-customer"], (await Search.FindAsync(SearchQuery.Parse("create", tag: "Customers"), 0, 10, default)).Operations.Select(operation => operation.Slug));
        var facets = await Search.FacetsAsync(SearchQuery.Parse("create"), 50, default);
        Assert.Equal(["shop.com", "bank.com"], facets.Providers.Select(facet => facet.Name));
        var all = await Search.FacetsAsync(SearchQuery.Parse(null), 50, default);
        Assert.Equal(["POST 3", "DELETE 1", "GET 1"], Shown(all.Methods));
        Assert.Equal(["Customers 3"], Shown(all.Tags));
        var nothing = await Search.FindAsync(SearchQuery.Parse("cuxtomxr"), 0, 10, default);
        Assert.Empty(nothing.Operations);
        Assert.Equal(["customer"], nothing.Suggestions);
        var first = await Search.FindAsync(SearchQuery.Parse("create"), 0, 2, default);
        Assert.Equal(2, first.Next);
        Assert.Equal(3, first.Operations.Concat((await Search.FindAsync(SearchQuery.Parse("create"), 2, 2, default)).Operations).Select(operation => operation.Key).Distinct().Count());

        static string[] Shown(IReadOnlyList<Facet> facets) => [.. facets.Select(facet => $"{facet.Name} {facet.Count}")];
    }

    [Fact]
    public async Task A_document_imported_again_keeps_the_ids_of_its_operations_whatever_they_are_called_now()
    {
        await ImportAsync("shop.json", Shop);
        var changed = Shop.Replace("\"createCustomer\"", "\"makeCustomer\"", StringComparison.Ordinal).Replace("Create a customer", "Make a client", StringComparison.Ordinal).Replace("/orders", "/baskets", StringComparison.Ordinal);

        var done = await ImportAsync("shop.json", changed);

        Assert.Equal((1, 0), (done.Apis, done.Known));
        Assert.Equal("Make a client", (await Catalog.FindAsync(new OperationKey("shop.com-1", "post", "create-customer"), default))?.Title);
        Assert.Null(await Catalog.FindAsync(new OperationKey("shop.com-1", "post", "orders"), default));
        Assert.Equal("create-customer", (await FindAsync("client"))[0].Slug);
        Assert.DoesNotContain(await FindAsync("order"), operation => operation.Slug == "orders");
        Assert.Equal(4, await _store.SqlAsync("SELECT count(*) FROM catalog_operation"));
        Assert.Equal(0, await _store.SqlAsync("SELECT count(*) FROM catalog_word WHERE word = 'createcustomer'"));
    }

    [Fact]
    public async Task What_is_known_is_passed_over_and_what_is_refused_is_told_with_its_place()
    {
        await ImportAsync("shop.json", Shop);

        var again = await ImportAsync("shop.json", Shop);
        var refused = await ImportAsync("bad.json", """{"openapi":"3.0.0",""");

        Assert.Equal((1, 0, 1), (again.Documents, again.Apis, again.Known));
        Assert.Equal((ImportStatus.Completed, 1), (refused.Status, refused.Refused));
        var finding = (await Imports.FindingsAsync(refused.Id, Severity.Refused, 0, 10, default)).Single().Finding;
        Assert.Equal(("bad.json", "line 1, column 19"), (finding.Document, finding.Place));
        Assert.Empty(await Imports.FindingsAsync(refused.Id, Severity.Warning, 0, 10, default));
        Assert.Equal([refused.Id, again.Id], (await Imports.ListAsync(null, 2, default)).Select(import => import.Id));
    }

    [Fact]
    public async Task Two_APIs_whose_names_look_alike_in_an_address_are_two()
    {
        var named = Shop.Replace("\"x-providerName\"", "\"x-serviceName\":\"a b\",\"x-providerName\"", StringComparison.Ordinal);
        await ImportAsync("one.json", named);
        await ImportAsync("two.json", named.Replace("a b", "a-b", StringComparison.Ordinal));

        var again = await ImportAsync("one.json", named);

        Assert.Equal(1, again.Known);
        Assert.Equal(["a b", "a-b"], (await Catalog.ListAsync(null, null, null, 10, default)).Select(api => api.Name.Name));
    }

    [Fact]
    public async Task An_API_that_is_removed_leaves_nothing()
    {
        await ImportAsync("shop.json", Shop);
        await ImportAsync("bank.yaml", Bank);

        Assert.True(await Catalog.RemoveAsync("shop.com-1", default));
        Assert.False(await Catalog.RemoveAsync("shop.com-1", default));
        Assert.Empty(await FindAsync("customer"));
        await Importer.SweepAsync(default);

        Assert.Equal(1, await _store.SqlAsync("SELECT count(*) FROM catalog_operation"));
        Assert.Equal(1, await _store.SqlAsync("SELECT count(*) FROM catalog_content"));
        Assert.Equal(0, await _store.SqlAsync("SELECT count(*) FROM catalog_word WHERE word = 'customer'"));
        Assert.Equal(0, await _store.SqlAsync("SELECT count(*) FROM catalog_fragment WHERE pointer = '#/components/schemas/Customer'"));
        Assert.Equal("create-payment", (await FindAsync("create")).Single().Slug);
    }

    [Fact]
    public async Task What_a_process_that_died_had_half_written_is_seen_by_nobody_and_swept()
    {
        var content = await Catalog.BeginAsync(default);
        var read = ApiDocument.Read(Encoding.UTF8.GetBytes(Bank), "bank.yaml", (_, _, _) => { });
        var operation = new CatalogOperation { Key = 1, Api = read.Name, Method = "POST", Path = "/payments", Slug = "x", Title = "Create a payment" };
        await Catalog.WriteAsync(content, [new NewOperation(0, operation, SearchText.Of(operation, null))], [new Fragment("#", "{}"u8.ToArray())], default);

        Assert.Empty(await FindAsync("payment"));
        await Importer.SweepAsync(default);
        Assert.Equal(1, await _store.SqlAsync("SELECT count(*) FROM catalog_content"));
        _store.Clock.Advance(TimeSpan.FromMinutes(11));
        await Importer.SweepAsync(default);
        Assert.Equal(0, await _store.SqlAsync("SELECT count(*) FROM catalog_content"));
        Assert.Equal(0, await _store.SqlAsync("SELECT count(*) FROM catalog_operation"));
    }

    [Fact]
    public async Task An_import_whose_process_is_silent_has_failed_and_one_that_is_stopped_stays_so()
    {
        var dead = await Importer.BeginAsync("a", default);
        _store.Clock.Advance(ICatalogImports.Silence + TimeSpan.FromSeconds(1));
        var stopped = await Importer.BeginAsync("b", default);

        Assert.True(await Imports.StopAsync(stopped.Id, default));

        Assert.Equal(ImportStatus.Failed, (await Imports.FindAsync(dead.Id, default))!.Status);
        Assert.Contains("process", (await Imports.FindAsync(dead.Id, default))!.Reason, StringComparison.Ordinal);
        Assert.False(await Imports.SaveAsync(stopped with { Documents = 3 }, default));
        Assert.Equal(ImportStatus.Canceled, (await Importer.RunAsync(stopped, _ => Task.FromResult(DocumentSource.Of("shop.json", Encoding.UTF8.GetBytes(Shop))), null, default)).Status);
        Assert.Empty(await Catalog.ListAsync(null, null, null, 10, default));
        Assert.True(await Imports.StopAsync(stopped.Id, default));
        Assert.Null(await Imports.FindAsync(stopped.Id, default));
        Assert.False(await Imports.StopAsync(stopped.Id, default));
    }

    [Fact]
    public async Task The_pages_that_a_person_opened_come_back_newest_first()
    {
        for (var i = 0; i < 60; i++)
        {
            await Catalog.OpenedAsync("ana", new OperationKey("a", "get", $"op{i}"), default);
            _store.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        await Catalog.OpenedAsync("ana", new OperationKey("a", "get", "op50"), default);

        Assert.Equal(["op50", "op59", "op58"], (await Catalog.RecentAsync("ana", 3, default)).Select(key => key.Slug));
        Assert.Empty(await Catalog.RecentAsync("bo", 3, default));
        Assert.Equal(50, await _store.SqlAsync("SELECT count(*) FROM catalog_opened"));
    }

    [Theory]
    [InlineData("'")]
    [InlineData("\"")]
    [InlineData("a\"b OR *")]
    [InlineData("NEAR(a b)")]
    [InlineData("& | ! <-> :*")]
    [InlineData("\\ '' {title}: ^")]
    [InlineData("😀 ﷺ ① ²")]
    public async Task No_text_is_taken_for_the_language_of_the_index(string query)
    {
        await ImportAsync("shop.json", Shop);

        await FindAsync(query);
        await Search.FacetsAsync(SearchQuery.Parse(query, query, query, query), 10, default);
    }

    private async Task<IReadOnlyList<CatalogOperation>> FindAsync(string query) => (await Search.FindAsync(SearchQuery.Parse(query), 0, 20, default)).Operations;

    private async Task<CatalogImport> ImportAsync(string name, string text)
    {
        _store.Clock.Advance(TimeSpan.FromMilliseconds(5));
        return await Importer.RunAsync(await Importer.BeginAsync(name, default), _ => Task.FromResult(DocumentSource.Of(name, Encoding.UTF8.GetBytes(text))), null, default);
    }
}
