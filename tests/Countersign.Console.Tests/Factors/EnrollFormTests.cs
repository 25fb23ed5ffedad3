using System.Net;
using Bunit;
using Countersign.Console.Factors;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace Countersign.Console.Tests.Factors;

/// <summary>What the forms of SMS, calls and mail send.</summary>
public sealed class EnrollFormTests : ConsoleTest
{
    private const string Factors = "POST /api/v1/users/00u1/factors";

    [Fact]
    public async Task A_number_is_enrolled_for_sms()
    {
        Server.On(Factors, """{"id":"sms1","factorType":"sms","provider":"OKTA","status":"PENDING_ACTIVATION"}""");
        var dialog = await ShowAsync("sms");
        Assert.DoesNotContain("Extension", Dialogs.Markup, StringComparison.Ordinal);

        await Dialogs.Find("input[type=tel]").InputAsync(" 415 555 0142 ");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal("""{"factorType":"sms","provider":"OKTA","profile":{"phoneNumber":"415 555 0142"}}""", Assert.Single(Server.Bodies));
        Assert.True((await dialog.GetReturnValueAsync<Factor>())?.IsPending);
    }

    [Fact]
    public async Task A_call_may_have_an_extension()
    {
        Server.On(Factors, """{"id":"clf1","factorType":"call","provider":"OKTA","status":"PENDING_ACTIVATION"}""");
        await ShowAsync("call");

        await Dialogs.Find("input[type=tel]").InputAsync("+14155550142");
        await Dialogs.FindAll("input:not([type=checkbox])")[1].InputAsync("12#");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Contains("""
            "phoneExtension":"12#"
            """, Assert.Single(Server.Bodies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_known_number_is_offered_and_can_be_replaced_at_once()
    {
        Server.On($"{Factors}?activate=true&updatePhone=true", """{"id":"sms1","factorType":"sms","provider":"OKTA","status":"ACTIVE"}""");
        await ShowAsync("sms", new KnownPhone(new("+14155550142")));
        Assert.Equal("+14155550142", Dialogs.Find("input[type=tel]").GetAttribute("value"));

        await Dialogs.Find("input[type=tel]").InputAsync("+14155550199");
        foreach (var index in (int[])[0, 1])
            await Dialogs.FindAll("input[type=checkbox]")[index].ChangeAsync(true);
        await Dialogs.Find("form").SubmitAsync();

        Assert.Contains("14155550199", Assert.Single(Server.Bodies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_known_number_none_is_replaced()
    {
        await ShowAsync("sms");

        Assert.Single(Dialogs.FindAll("input[type=checkbox]"));
    }

    [Fact]
    public async Task What_the_server_has_against_a_number_is_shown()
    {
        Server.Refuse(Factors, HttpStatusCode.BadRequest, "E0000001", "Api validation failed: factorEnrollRequest", "Invalid Phone Number.");
        await ShowAsync("sms");

        await Dialogs.Find("input[type=tel]").InputAsync("12");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Contains("Invalid Phone Number.", Dialogs.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_users_own_address_is_enrolled_for_mail()
    {
        Server.On("GET /api/v1/users/00u1", """{"id":"00u1","status":"ACTIVE","profile":{"login":"ines","email":"ines@example.com"}}""")
            .On($"{Factors}?activate=true", """{"id":"emf1","factorType":"email","provider":"OKTA","status":"ACTIVE"}""");
        await ShowAsync("email");

        await Dialogs.Find("input[type=checkbox]").ChangeAsync(true);
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal("""{"factorType":"email","provider":"OKTA","profile":{"email":"ines@example.com"}}""", Assert.Single(Server.Bodies));
    }

    [Fact]
    public async Task A_user_without_an_address_is_told_of()
    {
        Server.On("GET /api/v1/users/00u1", """{"id":"00u1","status":"ACTIVE","profile":{"login":"ines"}}""");

        await ShowAsync("email");

        Assert.Contains("The user has no email address.", Dialogs.Markup, StringComparison.Ordinal);
    }

    private async Task<IDialogReference> ShowAsync(string factorType, params IReadOnlyList<KnownPhone> phones)
    {
        RenderFrame();
        var entry = new Factor { FactorType = factorType, Provider = "OKTA", Embedded = new FactorEmbedded { Phones = phones } };
        var parameters = new DialogParameters { ["UserId"] = "00u1", ["Entry"] = entry };
        IDialogReference? shown = null;
        await Dialogs.InvokeAsync(async () => shown = await Services.GetRequiredService<IDialogService>().ShowAsync(FactorKind.Of(entry).EnrollForm!, "A dialog", parameters));
        return shown!;
    }
}
