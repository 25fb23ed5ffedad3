using System.Net;
using Bunit;
using Countersign.Console.About;

namespace Countersign.Console.Tests.About;

public sealed class AboutPageTests : ConsoleTest
{
    [Fact]
    public void A_server_that_is_not_ready_says_why()
    {
        Server.On("GET /health/live", """{"status":"UP"}""")
            .On("GET /health/ready", """{"status":"DOWN","reason":"The database does not answer."}""", HttpStatusCode.ServiceUnavailable);
        RenderFrame();

        var page = Render<AboutPage>();

        Assert.Equal(["Healthy", "Not healthy"], page.FindAll(".status-chip").Select(chip => chip.TextContent.Trim()));
        Assert.Contains("The database does not answer.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_does_not_answer_is_not_healthy()
    {
        RenderFrame();

        var page = Render<AboutPage>();

        Assert.Equal(["Not healthy", "Not healthy"], page.FindAll(".status-chip").Select(chip => chip.TextContent.Trim()));
    }
}
