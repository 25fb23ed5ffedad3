using Countersign.Delivery.Http;
using Countersign.Outbox;

namespace Countersign.Delivery.Webhook;

/// <summary>A message as the webhook gets it. What a message has not is left out.</summary>
internal static class WebhookMessage
{
    public static byte[] Write(RenderedMessage message) => JsonBody.Write(json =>
    {
        json.WriteString("id", message.Id);
        json.WriteString("channel", message.Channel.Name);
        json.WriteString("to", message.Recipient);
        if (message.Extension is not null) json.WriteString("extension", message.Extension);
        if (message.Code is not null) json.WriteString("code", message.Code);
        if (message.Link is not null) json.WriteString("link", message.Link);
        json.WriteString("language", message.Language);
        json.WriteString("text", message.Text);
        if (message.Subject is not null) json.WriteString("subject", message.Subject);
        if (message.Html is not null) json.WriteString("html", message.Html);
        json.WriteString("purpose", message.Purpose switch
        {
            MessagePurpose.Activation => "activation",
            MessagePurpose.ActivationLink => "activationLink",
            MessagePurpose.Report => "report",
            _ => "verification",
        });
        json.WriteString("created", message.Created.ToTimestamp());
        json.WriteString("expires", message.Expires.ToTimestamp());
        json.WriteStartObject("user");
        json.WriteString("id", message.User.Id);
        json.WriteString("login", message.User.Login);
        json.WriteString("firstName", message.User.FirstName);
        json.WriteString("lastName", message.User.LastName);
        json.WriteEndObject();
    });
}
