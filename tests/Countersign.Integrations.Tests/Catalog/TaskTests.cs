using System.Text.Json.Nodes;
using Countersign.Integrations.Catalog.Preparation;
using Countersign.Integrations.Catalog.Reference;

namespace Countersign.Integrations.Tests.Catalog;

public sealed class TaskTests
{
    private const string Text = """
        {"openapi":"3.0.3","info":{"title":"Shop","version":"1","x-providerName":"shop.example.com"},"servers":[{"url":"https://{region}.shop.example.com/v1/","variables":{"region":{"default":"eu"}}}],
         "security":[{"token":[]}],
         "paths":{
           "/customers/{customer-id}/orders":{"post":{"operationId":"createOrder","parameters":[
               {"name":"customer-id","in":"path","required":true,"description":"Whose","schema":{"type":"string"}},
               {"name":"expand","in":"query","schema":{"type":"string","default":"lines & more"}},{"name":"dryRun","in":"query","schema":{"type":"boolean"}},
               {"name":"currency","in":"query","required":true,"schema":{"type":"string"}},
               {"name":"X-Shop","in":"header","required":true,"schema":{"type":"string"}},{"name":"X-Trace","in":"header","schema":{"type":"string"}}],
             "requestBody":{"required":true,"content":{"application/xml":{"schema":{}},"application/json":{"schema":{"type":"object","required":["sku","address"],"properties":{
               "id":{"type":"string","readOnly":true},"sku":{"type":"string"},"count":{"type":"integer","default":1},"note":{"type":"string"},
               "address":{"type":"object","required":["city"],"properties":{"city":{"type":"string"},"zip":{"type":"string"}}}}}}}},
             "responses":{"201":{"description":"made","content":{"application/vnd.shop+json":{},"text/html":{}}}}}},
           "/orders":{"get":{"operationId":"listOrders","parameters":[{"name":"currency","in":"query","schema":{"type":"string"}},{"name":"X-Trace","in":"header","schema":{"type":"string"}}],
             "responses":{"200":{"description":"ok"}}}},
           "/ping":{"post":{"operationId":"ping","security":[],"requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{"word":{"type":"string"},"other":{"type":"string"}}}}}},"responses":{"200":{"description":"ok"}}}}},
         "components":{"securitySchemes":{"token":{"type":"http","scheme":"bearer"}}}}
        """;

    private static readonly HashSet<string> None = [];

    private static OperationPage Create => Read.Page(Text, "POST", "/customers/{customer-id}/orders");

    [Fact]
    public void A_task_is_prepared_from_what_the_operation_needs()
    {
        var prepared = TaskPreparation.Prepare(Create, None);
        var request = prepared.Task["inputParameters"]!["http_request"]!;

        Assert.Equal("https://eu.shop.example.com/v1/customers/${workflow.input.customer_id}/orders?expand=lines%20%26%20more&currency=${workflow.input.currency}", (string?)request["uri"]);
        Assert.Equal(("POST", "application/json", "application/vnd.shop+json"), ((string?)request["method"], (string?)request["contentType"], (string?)request["accept"]));
        Assert.Equal("""{"X-Shop":"${workflow.input.X_Shop}","Authorization":"Bearer ${workflow.secrets.EXAMPLE_TOKEN}"}""", request["headers"]!.ToJsonString());
        Assert.Equal("""{"sku":"${workflow.input.sku}","count":1,"address":{"city":"${workflow.input.address_city}"}}""", request["body"]!.ToJsonString());
        Assert.Equal(["X_Shop header", "address_city body", "currency query", "customer_id path", "sku body"], prepared.Inputs.Select(input => $"{input.Name} {input.In}").Order(StringComparer.Ordinal));
        Assert.Equal(["EXAMPLE_TOKEN"], prepared.Secrets);
        Assert.Equal(["dryRun"], prepared.OfferedQuery.Select(field => field.Name));
        Assert.Equal(["X-Trace"], prepared.OfferedHeaders.Select(field => field.Name));
    }

    [Fact]
    public void A_task_has_a_free_name_and_says_how_often_it_is_tried()
    {
        var prepared = TaskPreparation.Prepare(Create, new HashSet<string> { "create_order", "create_order_2" }).Task;

        Assert.Equal(("create_order", "create_order_3", "HTTP"), ((string?)prepared["name"], (string?)prepared["taskReferenceName"], (string?)prepared["type"]));
        Assert.Equal("""{"name":"create_order","retryCount":0,"retryLogic":"EXPONENTIAL_BACKOFF","retryDelaySeconds":2,"timeoutSeconds":60,"timeoutPolicy":"RETRY","responseTimeoutSeconds":60}""",
            prepared["taskDefinition"]!.ToJsonString());
        Assert.Equal(3, (int?)TaskPreparation.Prepare(Read.Page(Text, "GET", "/orders"), None).Task["taskDefinition"]!["retryCount"]);
    }

    [Fact]
    public void A_body_of_optional_fields_begins_with_the_first()
    {
        var prepared = TaskPreparation.Prepare(Read.Page(Text, "POST", "/ping"), None);

        Assert.Equal("""{"word":"${workflow.input.word}"}""", prepared.Task["inputParameters"]!["http_request"]!["body"]!.ToJsonString());
        Assert.Empty(prepared.Secrets);
    }

    [Fact]
    public void What_was_typed_is_carried_over_and_what_has_no_place_is_told()
    {
        var (before, page) = (TaskPreparation.Prepare(Create, None), Read.Page(Text, "GET", "/orders"));
        var typed = (JsonObject)before.Task.DeepClone();
        var request = typed["inputParameters"]!["http_request"]!;
        request["uri"] = "https://eu.shop.example.com/v1/customers/42/orders?currency=EUR&dryRun=true";
        request["headers"]!["X-Trace"] = "abc";
        request["headers"]!["X-Old"] = "1";
        request["body"]!["note"] = "fast";
        request["readTimeOut"] = 5000;
        typed["taskReferenceName"] = "my_order";

        var carried = TypedValues.Carry(TaskPreparation.Prepare(page, None), page, typed, before, Create);
        var result = carried.Task["inputParameters"]!["http_request"]!;

        Assert.Equal("https://eu.shop.example.com/v1/orders?currency=EUR", (string?)result["uri"]);
        Assert.Equal("""{"Authorization":"Bearer ${workflow.secrets.EXAMPLE_TOKEN}","X-Trace":"abc"}""", result["headers"]!.ToJsonString());
        Assert.Equal((5000, "my_order"), ((int?)result["readTimeOut"], (string?)carried.Task["taskReferenceName"]));
        Assert.Equal(["body note", "header X-Old", "path customer-id", "query dryRun"], carried.Dropped.Order(StringComparer.Ordinal));
        Assert.Empty(carried.OfferedHeaders);
    }

    [Fact]
    public void What_was_prepared_and_not_touched_is_not_missed()
    {
        var (before, page) = (TaskPreparation.Prepare(Create, None), Read.Page(Text, "POST", "/ping"));

        var carried = TypedValues.Carry(TaskPreparation.Prepare(page, None), page, before.Task, before, Create);

        Assert.Empty(carried.Dropped);
        Assert.Equal("ping", (string?)carried.Task["taskReferenceName"]);
    }
}
