using Bunit;
using Countersign.Console.Factors;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor;

namespace Countersign.Console.Tests.Factors;

/// <summary>Activating and trying factors whose codes are sent.</summary>
public sealed class SentCodeTests : ConsoleTest
{
    private const string Resend = "POST /api/v1/users/00u1/factors/sms1/resend", Verify = "POST /api/v1/users/00u1/factors/sms1/verify";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 5, 9, 41, 7, TimeSpan.Zero));

    public SentCodeTests() => Services.AddSingleton<TimeProvider>(_clock);

    [Fact]
    public async Task A_pending_factors_code_is_sent_again()
    {
        Server.On(Resend, "{}");
        await ShowAsync<ActivateDialog>("PENDING_ACTIVATION");

        await Button("Resend").ClickAsync();

        Assert.Equal(Resend, Assert.Single(Server.Requests));
        Assert.Contains("Sent at", Dialogs.Find(".send-code [role=status]").TextContent, StringComparison.Ordinal);
        Assert.Empty(Dialogs.FindAll(".error-notice"));
    }

    [Fact]
    public async Task A_resend_that_comes_too_soon_waits_as_long_as_the_server_says()
    {
        Server.RefuseFor(TimeSpan.FromSeconds(27), Resend, "E0000109", "An SMS message was recently sent. Please wait 30 seconds before trying again.").On(Resend, "{}");
        await ShowAsync<ActivateDialog>("PENDING_ACTIVATION");

        await Button("Resend").ClickAsync();

        Assert.Contains("An SMS message was recently sent.", Dialogs.Find(".error-notice").TextContent, StringComparison.Ordinal);
        Assert.Contains("Again in 27 s", Dialogs.Find(".send-code").TextContent, StringComparison.Ordinal);
        Assert.True(Button("Resend").HasAttribute("disabled"));
        await PassAsync(TimeSpan.FromSeconds(2));
        Assert.Contains("Again in 25 s", Dialogs.Find(".send-code").TextContent, StringComparison.Ordinal);
        await PassAsync(TimeSpan.FromSeconds(25));
        Assert.False(Button("Resend").HasAttribute("disabled"));
        Assert.Empty(Dialogs.FindAll(".error-notice"));
        await Button("Resend").ClickAsync();
        Assert.Equal(2, Server.Requests.Count);
    }

    [Fact]
    public async Task A_code_is_sent_before_it_is_verified()
    {
        Server.On(Verify, """{"factorResult":"CHALLENGE"}""").On(Verify, """{"factorResult":"SUCCESS"}""");
        await ShowAsync<VerifyDialog>("ACTIVE");

        await Button("Send code").ClickAsync();
        Assert.Empty(Server.Bodies);
        await Dialogs.Find("input").InputAsync("482915");
        await Dialogs.Find("form").SubmitAsync();

        Assert.Equal([Verify, Verify], Server.Requests);
        Assert.Equal("""{"passCode":"482915"}""", Assert.Single(Server.Bodies));
        Assert.Contains("SUCCESS", Dialogs.Find(".mud-alert").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_challenge_that_is_refused_leaves_the_passcode_to_be_typed()
    {
        Server.RefuseFor(TimeSpan.FromSeconds(12), Verify, "E0000109", "An SMS message was recently sent. Please wait 30 seconds before trying again.");
        await ShowAsync<VerifyDialog>("ACTIVE");

        await Button("Send code").ClickAsync();
        await Dialogs.Find("input").InputAsync("482915");

        Assert.False(Button("Verify").HasAttribute("disabled"));
    }

    [Theory]
    [InlineData(typeof(ActivateDialog), "PENDING_ACTIVATION")]
    [InlineData(typeof(VerifyDialog), "ACTIVE")]
    public async Task Its_messages_are_a_link_away(Type dialog, string status)
    {
        await ShowAsync(dialog, status);

        Assert.Equal("outbox?recipient=%2B14155550142", Dialogs.Find("a[href^=outbox]").GetAttribute("href"));
    }

    [Fact]
    public void A_row_tells_the_extension_and_leads_to_the_messages()
    {
        RenderFrame();
        var call = Sms("ACTIVE") with { FactorType = "call" };
        call.Profile["phoneExtension"] = System.Text.Json.JsonSerializer.SerializeToElement("12#");

        var row = Render<FactorRow>(parameters => parameters.Add(row => row.Factor, call));

        Assert.Contains("+14155550142, extension 12#", row.Markup, StringComparison.Ordinal);
        Assert.Equal("outbox?recipient=%2B14155550142", row.Find("a").GetAttribute("href"));
    }

    [Fact]
    public async Task A_kind_without_messages_offers_none()
    {
        await ShowAsync<VerifyDialog>("ACTIVE", Sms("ACTIVE") with { FactorType = "token:software:totp" });

        Assert.Empty(Dialogs.FindAll(".send-code, a[href^=outbox]"));
    }

    private static Factor Sms(string status) => new()
    {
        Id = "sms1",
        FactorType = "sms",
        Provider = "OKTA",
        Status = status,
        Profile = { ["phoneNumber"] = System.Text.Json.JsonSerializer.SerializeToElement("+14155550142") },
    };

    private Task PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Dialogs.InvokeAsync(() => { });
    }

    private AngleSharp.Dom.IElement Button(string text) => Dialogs.FindAll("button").Single(button => button.TextContent.Trim() == text);

    private Task ShowAsync<TDialog>(string status, Factor? factor = null) where TDialog : IComponent => ShowAsync(typeof(TDialog), status, factor);

    private async Task ShowAsync(Type dialog, string status, Factor? factor = null)
    {
        RenderFrame();
        var parameters = new DialogParameters { ["UserId"] = "00u1", ["Factor"] = factor ?? Sms(status) };
        await Dialogs.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync(dialog, "A dialog", parameters));
    }
}
