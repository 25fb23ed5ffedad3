using System.Net;
using Bunit;
using Countersign.Console.Factors;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace Countersign.Console.Tests.Factors;

public sealed class FactorDialogTests : ConsoleTest
{
    private static readonly Factor Pending = new()
    {
        Id = "ost1",
        FactorType = "token:software:totp",
        Provider = "OKTA",
        Status = "PENDING_ACTIVATION",
        Embedded = new FactorEmbedded
        {
            Activation = new FactorActivation
            {
                SharedSecret = "KRUGS4ZANFZSAYJA",
                Links = new FactorActivationLinks { QrCode = new FactorLink { Href = "https://mfa.example.com/api/v1/users/00u1/factors/ost1/qr/00V" } },
            },
        },
    };

    [Fact]
    public async Task The_picture_is_asked_of_the_server_that_the_console_came_from()
    {
        await ShowAsync<ActivateDialog>(Pending);

        Assert.Equal("/api/v1/users/00u1/factors/ost1/qr/00V", Dialogs.Find("img.qr").GetAttribute("src"));
        Assert.Equal("KRUGS4ZANFZSAYJA", Dialogs.Find(".secret code").TextContent);
    }

    [Fact]
    public async Task A_right_passcode_activates_and_closes()
    {
        Server.On("POST /api/v1/users/00u1/factors/ost1/lifecycle/activate", """{"id":"ost1","factorType":"token:software:totp","provider":"OKTA","status":"ACTIVE"}""");
        var dialog = await ShowAsync<ActivateDialog>(Pending);

        await Dialogs.Find("input").InputAsync("123456");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal("""{"passCode":"123456"}""", Assert.Single(Server.Bodies));
        Assert.Equal("ACTIVE", (await dialog.GetReturnValueAsync<Factor>())?.Status);
    }

    [Fact]
    public async Task A_wrong_passcode_is_refused_in_the_dialog()
    {
        Server.Refuse("POST /api/v1/users/00u1/factors/ost1/verify", HttpStatusCode.Forbidden, "E0000068", "Invalid Passcode/Answer", "Your passcode doesn't match our records. Please try again.");
        await ShowAsync<VerifyDialog>(Pending with { Status = "ACTIVE" });

        await Dialogs.Find("input").InputAsync("000000");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Contains("Your passcode doesn't match our records.", Dialogs.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Empty(Dialogs.FindAll("[role=status]"));
    }

    [Fact]
    public async Task An_answer_verifies_a_question()
    {
        Server.On("POST /api/v1/users/00u1/factors/ufs1/verify", """{"factorResult":"SUCCESS"}""");
        await ShowAsync<VerifyDialog>(new Factor { Id = "ufs1", FactorType = "question", Provider = "OKTA", Status = "ACTIVE" });

        await Dialogs.Find("input").InputAsync("lemmings");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal("""{"answer":"lemmings"}""", Assert.Single(Server.Bodies));
        Assert.Contains("SUCCESS", Dialogs.Find("[role=status]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_kind_is_called_by_the_contracts_words()
        => Assert.Equal("token:lunar (MOON)", FactorKind.Of("token:lunar", "MOON").Name);

    private async Task<IDialogReference> ShowAsync<TDialog>(Factor factor) where TDialog : Microsoft.AspNetCore.Components.IComponent
    {
        RenderFrame();
        var parameters = new DialogParameters { ["UserId"] = "00u1", ["Factor"] = factor };
        IDialogReference? shown = null;
        await Dialogs.InvokeAsync(async () => shown = await Services.GetRequiredService<IDialogService>().ShowAsync<TDialog>("A dialog", parameters));
        return shown!;
    }
}
