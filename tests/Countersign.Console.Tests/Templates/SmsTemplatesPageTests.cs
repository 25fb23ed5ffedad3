using System.Net;
using AngleSharp.Dom;
using Bunit;
using Countersign.Console.Templates;

namespace Countersign.Console.Tests.Templates;

public sealed class SmsTemplatesPageTests : ConsoleTest
{
    private const string List = "GET /api/v1/templates/sms", Create = "POST /api/v1/templates/sms", Replace = "PUT /api/v1/templates/sms/cst1";
    private const string Default = """{"id":"default","name":"Default","type":"SMS_VERIFY_CODE","template":"Your verification code is ${code}."}""";
    private const string Shop = """{"id":"cst1","name":"Shop","type":"SMS_VERIFY_CODE","template":"${org.name}: ${code}","translations":{"de":"Ihr Code: ${code}"}}""";

    public SmsTemplatesPageTests() => Server.On(List, $"[{Default},{Shop}]");

    [Fact]
    public void The_default_template_is_listed_and_left_alone()
    {
        var page = RenderPage();

        Assert.Equal(2, page.FindAll("tbody tr").Count);
        Assert.Contains("Your verification code is ${code}.", page.Find("tbody tr").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[aria-label='Edit Default'], [aria-label='Delete Default']"));
        Assert.NotNull(page.Find("[aria-label='Edit Shop']"));
    }

    [Fact]
    public async Task A_template_is_made()
    {
        Server.On(Create, Shop);
        var page = RenderPage();

        await OpenAsync(page.Find(".page-actions button"));
        await Field("Name").InputAsync("Bank");
        await Field("Type").InputAsync("BANK");
        await Field("Text").InputAsync("${code} is your code");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal("""{"name":"Bank","type":"BANK","template":"${code} is your code","translations":{}}""", Assert.Single(Server.Bodies));
        await page.WaitForAssertionAsync(() => Assert.Equal(2, Server.Requests.Count(request => request == List)));
        Assert.Empty(Dialogs.FindAll("form"));
    }

    [Fact]
    public async Task A_template_is_replaced_with_the_translations_that_stay()
    {
        Server.On(Replace, Shop);
        var page = RenderPage();

        await OpenAsync(page.Find("[aria-label='Edit Shop']"));
        await Dialogs.Find("[aria-label='Remove the translation de']").ClickAsync();
        await Button("Add translation").ClickAsync();
        await Field("Language").InputAsync("FR");
        await Field("Text", 1).InputAsync("Code : ${code}");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal("""{"name":"Shop","type":"SMS_VERIFY_CODE","template":"${org.name}: ${code}","translations":{"fr":"Code : ${code}"}}""", Assert.Single(Server.Bodies));
    }

    [Fact]
    public async Task A_language_is_translated_once()
    {
        var page = RenderPage();
        await OpenAsync(page.Find("[aria-label='Edit Shop']"));
        await Button("Add translation").ClickAsync();

        await Field("Language", 1).InputAsync("de");
        await Field("Text", 2).InputAsync("${code}");

        Assert.True(Button("Save").HasAttribute("disabled"));
    }

    [Fact]
    public async Task The_preview_shows_what_a_phone_would()
    {
        var page = RenderPage();
        await OpenAsync(page.Find("[aria-label='Edit Shop']"));
        Assert.Equal("Countersign: 482915", Dialogs.Find(".preview").TextContent);

        await Field("Text").InputAsync("no code in it");

        Assert.Empty(Dialogs.FindAll(".preview"));
        Assert.Contains("Nothing would be sent", Dialogs.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_says_of_a_field_stands_at_the_field()
    {
        Server.Refuse(Replace, HttpStatusCode.BadRequest, "E0000001", "Api validation failed: type", "type: An object with this field already exists in the current organization");
        var page = RenderPage();

        await OpenAsync(page.Find("[aria-label='Edit Shop']"));
        await Dialogs.Find("form").SubmitAsync();

        Assert.Contains("An object with this field already exists", Holder("Type").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("An object with this field", Holder("Name").TextContent, StringComparison.Ordinal);
        Assert.Empty(Dialogs.FindAll(".error-notice"));
    }

    [Fact]
    public async Task What_the_server_says_of_a_translation_stands_with_the_translations()
    {
        Server.Refuse(Replace, HttpStatusCode.BadRequest, "E0000001", "Api validation failed: translations", "translations: must contain the code");
        var page = RenderPage();

        await OpenAsync(page.Find("[aria-label='Edit Shop']"));
        await Dialogs.Find("form").SubmitAsync();

        Assert.Contains("must contain the code", Dialogs.Find("[aria-label=Translations] [role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_other_refusal_is_shown_whole()
    {
        Server.Refuse(Replace, HttpStatusCode.NotFound, "E0000007", "Not found: Resource not found: cst1 (AppInstance)");
        var page = RenderPage();

        await OpenAsync(page.Find("[aria-label='Edit Shop']"));
        await Dialogs.Find("form").SubmitAsync();

        Assert.Contains("Resource not found: cst1", Dialogs.Find(".error-notice").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_is_deleted_only_after_a_second_word()
    {
        Server.On("DELETE /api/v1/templates/sms/cst1", "", HttpStatusCode.NoContent);
        var page = RenderPage();

        await OpenAsync(page.Find("[aria-label='Delete Shop']"));
        Assert.DoesNotContain("DELETE /api/v1/templates/sms/cst1", Server.Requests);
        await Button("Delete").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.Contains("DELETE /api/v1/templates/sms/cst1", Server.Requests));
    }

    private IRenderedComponent<SmsTemplatesPage> RenderPage()
    {
        RenderFrame();
        return Render<SmsTemplatesPage>();
    }

    private IElement Button(string text) => Dialogs.FindAll("button").Single(button => button.TextContent.Trim() == text);

    private IElement Field(string label, int index = 0) => Holder(label, index).QuerySelector("input, textarea")!;

    private IElement Holder(string label, int index = 0)
        => Dialogs.FindAll(".mud-input-control").Where(control => control.QuerySelector("label")?.TextContent.Trim() == label).ElementAt(index);
}
