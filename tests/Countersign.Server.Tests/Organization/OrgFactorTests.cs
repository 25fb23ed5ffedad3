using System.Net;
using Countersign.Server.Tests.Factors;
using Countersign.Testing;

namespace Countersign.Server.Tests.Organization;

public sealed class OrgFactorTests
{
    private const string OrgFactors = "/api/v1/org/factors";

    [Fact]
    public async Task A_kind_that_is_switched_off_is_hidden_and_refused_and_comes_back_unharmed()
    {
        await using var app = new CountersignApp();
        var question = (await app.EnrollQuestionAsync()).Id;

        var off = await app.PostAsync($"{OrgFactors}/okta_question/lifecycle/deactivate");
        var list = await app.GetAsync(FactorClient.Factors);
        var catalog = await app.GetAsync($"{FactorClient.Factors}/catalog");
        var refused = await app.EnrollQuestionAsync();
        var hidden = await app.AnswerAsync(question, "lemmings");
        await app.PostAsync($"{OrgFactors}/okta_question/lifecycle/activate");
        var back = await app.AnswerAsync(question, "lemmings");

        Assert.Equal("INACTIVE", (string?)off.Json["status"]);
        Assert.Equal("[]", list.Text);
        Assert.DoesNotContain(catalog.Json.AsArray(), entry => (string?)entry!["factorType"] == "question");
        Assert.Equal("Factor not enabled.", refused.Cause);
        Assert.Equal(HttpStatusCode.NotFound, hidden.Status);
        Assert.Equal("SUCCESS", back.FactorResult);
    }

    [Fact]
    public async Task A_kind_that_is_not_built_is_not_set_up_and_cannot_be_activated()
    {
        await using var app = new CountersignApp();

        var shown = await app.GetAsync($"{OrgFactors}/duo");
        var refused = await app.PostAsync($"{OrgFactors}/duo/lifecycle/activate");
        var unknown = await app.GetAsync($"{OrgFactors}/no_such_factor");

        Assert.Equal("NOT_SETUP", (string?)shown.Json["status"]);
        Assert.Equal("E0000001", refused.ErrorCode);
        Assert.Equal((HttpStatusCode.NotFound, "E0000007"), (unknown.Status, unknown.ErrorCode));
    }

    [Theory]
    [InlineData("status eq \"ACTIVE\" and factorType eq \"question\"", 1)]
    [InlineData("status eq 'NOT_SETUP' and provider eq 'DUO'", 1)]
    [InlineData("id eq \"nothing\"", 0)]
    public async Task A_filter_picks_with_either_sort_of_quotes(string filter, int count)
    {
        await using var app = new CountersignApp();

        Assert.Equal(count, (await app.GetAsync($"{OrgFactors}?filter={Uri.EscapeDataString(filter)}")).Json.AsArray().Count);
    }

    [Theory, InlineData("status"), InlineData("colour eq \"red\""), InlineData("status eq \"ACTIVE")]
    public async Task A_filter_that_cannot_be_read_is_refused(string filter)
    {
        await using var app = new CountersignApp();

        Assert.Equal("E0000031", (await app.GetAsync($"{OrgFactors}?filter={Uri.EscapeDataString(filter)}")).ErrorCode);
    }

    [Fact]
    public async Task All_fifteen_are_listed()
    {
        await using var app = new CountersignApp();

        Assert.Equal(15, (await app.GetAsync(OrgFactors)).Json.AsArray().Count);
    }
}
