using Countersign.Delivery.Twilio;
using Countersign.Outbox;
using Countersign.Testing.Delivery;

namespace Countersign.Delivery.Tests.Twilio;

public sealed class TwilioCallbackTests
{
    private const string Address = "https://mfa.example.com/countersign/v1/receipts/twilio?message=msg0001tests00000000";
    private static readonly TwilioSettings Account = new() { AccountSid = TwilioCounterpart.AccountSid, AuthToken = TwilioCounterpart.AuthToken };

    [Theory]
    [InlineData("MessageStatus", "accepted", ReceiptStatus.Pending)]
    [InlineData("MessageStatus", "scheduled", ReceiptStatus.Pending)]
    [InlineData("MessageStatus", "queued", ReceiptStatus.Pending)]
    [InlineData("MessageStatus", "sending", ReceiptStatus.Pending)]
    [InlineData("MessageStatus", "sent", ReceiptStatus.Pending)]
    [InlineData("MessageStatus", "delivered", ReceiptStatus.Delivered)]
    [InlineData("MessageStatus", "read", ReceiptStatus.Delivered)]
    [InlineData("SmsStatus", "delivered", ReceiptStatus.Delivered)]
    [InlineData("MessageStatus", "undelivered", ReceiptStatus.Undelivered)]
    [InlineData("MessageStatus", "failed", ReceiptStatus.Undelivered)]
    [InlineData("MessageStatus", "canceled", ReceiptStatus.Undelivered)]
    [InlineData("CallStatus", "initiated", ReceiptStatus.Pending)]
    [InlineData("CallStatus", "ringing", ReceiptStatus.Pending)]
    [InlineData("CallStatus", "in-progress", ReceiptStatus.Pending)]
    [InlineData("CallStatus", "completed", ReceiptStatus.Delivered)]
    [InlineData("CallStatus", "busy", ReceiptStatus.Undelivered)]
    [InlineData("CallStatus", "no-answer", ReceiptStatus.Undelivered)]
    [InlineData("CallStatus", "failed", ReceiptStatus.Undelivered)]
    public async Task A_signed_callback_says_what_became_of_a_message(string name, string word, ReceiptStatus status)
    {
        var sid = name == "CallStatus" ? "CallSid" : "MessageSid";

        var callback = await ReadAsync(new() { [sid] = "SM1", [name] = word, ["To"] = "+14155550142" });

        var receipt = Assert.IsType<TwilioCallback.Receipt>(callback).Status;
        Assert.Equal(("SM1", status), (receipt.Reference, receipt.Status));
        Assert.Equal(status == ReceiptStatus.Undelivered ? word : null, receipt.Reason);
    }

    [Theory]
    [InlineData("30003", "undelivered 30003")]
    [InlineData("+14155550142 is gone", "undelivered")]
    [InlineData("", "undelivered")]
    public async Task Of_the_error_code_only_a_number_is_kept(string code, string reason)
    {
        var callback = await ReadAsync(new() { ["MessageSid"] = "SM1", ["MessageStatus"] = "undelivered", ["ErrorCode"] = code });

        Assert.Equal(reason, Assert.IsType<TwilioCallback.Receipt>(callback).Status.Reason);
    }

    [Fact]
    public async Task A_signed_request_that_says_nothing_is_something_else()
    {
        Assert.IsType<TwilioCallback.Other>(await ReadAsync(new() { ["MessageSid"] = "SM1", ["MessageStatus"] = "teleported" }));
        Assert.IsType<TwilioCallback.Other>(await ReadAsync(new() { ["MessageStatus"] = "delivered" }));
        Assert.IsType<TwilioCallback.Other>(await ReadAsync([]));
    }

    [Fact]
    public async Task What_Twilio_did_not_sign_is_forged()
    {
        var form = new Dictionary<string, string> { ["MessageSid"] = "SM1", ["MessageStatus"] = "delivered" };

        Assert.IsType<TwilioCallback.Forged>(TwilioCallback.Read(Account, Address, form, signature: null));
        Assert.IsType<TwilioCallback.Forged>(await ReadAsync(form, authToken: "another-token"));
        Assert.IsType<TwilioCallback.Forged>(await ReadAsync(form, account: new TwilioSettings { AccountSid = TwilioCounterpart.AccountSid }));
        Assert.IsType<TwilioCallback.Forged>(await ReadAsync(form, address: Address.Replace("0001", "0002", StringComparison.Ordinal)));
    }

    private static async Task<TwilioCallback> ReadAsync(Dictionary<string, string> form, string? authToken = null, TwilioSettings? account = null, string address = Address)
    {
        using var request = TwilioCounterpart.Callback(Address, form, authToken);
        Assert.Equal("application/x-www-form-urlencoded", request.Content!.Headers.ContentType!.MediaType);
        await request.Content.LoadIntoBufferAsync();
        return TwilioCallback.Read(account ?? Account, address, form, request.Headers.GetValues(TwilioSignature.Header).Single());
    }
}
