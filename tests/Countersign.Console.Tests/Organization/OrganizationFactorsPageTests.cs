using System.Net;
using Bunit;
using Countersign.Console.Organization;

namespace Countersign.Console.Tests.Organization;

public sealed class OrganizationFactorsPageTests : ConsoleTest
{
    private const string On = """[{"id":"okta_question","provider":"OKTA","factorType":"question","status":"ACTIVE"}]""";
    private const string Off = """[{"id":"okta_question","provider":"OKTA","factorType":"question","status":"INACTIVE"}]""";

    [Fact]
    public void A_kind_of_factor_is_switched_off()
    {
        Server.On("GET /api/v1/org/factors", On).On("GET /api/v1/org/factors", Off).On("POST /api/v1/org/factors/okta_question/lifecycle/deactivate", "{}");
        RenderFrame();
        var page = Render<OrganizationFactorsPage>();
        Assert.True(page.Find("input[type=checkbox]").HasAttribute("checked"));

        page.Find("input[type=checkbox]").Change(false);

        Assert.Contains("POST /api/v1/org/factors/okta_question/lifecycle/deactivate", Server.Requests);
        Assert.False(page.Find("input[type=checkbox]").HasAttribute("checked"));
    }

    [Fact]
    public void A_switch_that_the_server_refuses_stays_as_it_was()
    {
        Server.On("GET /api/v1/org/factors", On)
            .Refuse("POST /api/v1/org/factors/okta_question/lifecycle/deactivate", HttpStatusCode.BadRequest, "E0000001", "Api validation failed: factor");
        RenderFrame();
        var page = Render<OrganizationFactorsPage>();

        page.Find("input[type=checkbox]").Change(false);

        Assert.Contains("Api validation failed: factor", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.True(page.Find("input[type=checkbox]").HasAttribute("checked"));
    }
}
