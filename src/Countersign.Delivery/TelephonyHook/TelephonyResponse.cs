using System.Net;
using System.Text.Json;
using Countersign.Delivery.Http;

namespace Countersign.Delivery.TelephonyHook;

/// <summary>Reads the answer to a telephony call (contract 15.2).</summary>
internal static class TelephonyResponse
{
    private const string ActionType = "com.okta.telephony.action";

    public static HookAnswer Read(HttpReply reply) => reply switch
    {
        HttpReply.Silent silent => new HookAnswer.Silent(silent.Reason),
        HttpReply.Answered { Fault: BodyFault.Late } answer => new HookAnswer.Silent(answer.Fault.Reason),
        HttpReply.Answered { Status: not HttpStatusCode.OK } answer => new HookAnswer.Unreadable($"status {(int)answer.Status}"),
        HttpReply.Answered { Fault: not BodyFault.None } answer => new HookAnswer.Unreadable(answer.Fault.Reason),
        HttpReply.Answered answer => Read(answer.Body),
        _ => new HookAnswer.Unreadable("the answer is not HTTP"),
    };

    private static HookAnswer Read(ReadOnlyMemory<byte> json)
    {
        if (JsonBody.ReadObject(json) is not { } body) return new HookAnswer.Unreadable("the answer is not a JSON object");
        if (body.Property("error") is { } error) return new HookAnswer.Refused(BoundedText.Of(error.Text("errorSummary")) ?? "an error without a summary");
        foreach (var command in body.Items("commands"))
            if (command.Text("type") == ActionType)
                foreach (var action in command.Items("value")) return Read(action);
        return new HookAnswer.Unreadable($"the answer has no {ActionType}");
    }

    private static HookAnswer Read(JsonElement action) => action.Text("status") switch
    {
        "SUCCESSFUL" => Sent(action, HookSendStatus.Successful),
        "PENDING" => Sent(action, HookSendStatus.Pending),
        "FAILED" => new HookAnswer.Refused("FAILED"),
        _ => new HookAnswer.Unreadable("the action's status is unknown"),
    };

    private static HookAnswer.Sent Sent(JsonElement action, HookSendStatus status)
        => new(BoundedText.Of(action.Text("provider")), BoundedText.Id(action.Text("transactionId")), status);
}
