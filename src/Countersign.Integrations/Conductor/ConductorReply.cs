using System.Net;
using System.Text;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Conductor;

/// <summary>What became of a call of another Conductor server. Closed.</summary>
public abstract record ConductorReply
{
    private ConductorReply() { }

    /// <summary>It answered.</summary>
    /// <param name="Status">The status.</param>
    /// <param name="ContentType">What the body is; null when nothing says it.</param>
    /// <param name="Body">The body.</param>
    public sealed record Answered(HttpStatusCode Status, string? ContentType, ReadOnlyMemory<byte> Body) : ConductorReply
    {
        /// <summary>Whether it is a success.</summary>
        public bool IsSuccess => (int)Status is >= 200 and < 300;

        /// <summary>The body as text.</summary>
        public string Text => Encoding.UTF8.GetString(Body.Span);

        /// <summary>The body as JSON; null when it is none, or has a text with half of a character.</summary>
        public JsonElement? Json
        {
            get
            {
                try
                {
                    return JsonBuilder.Read(Body.Span);
                }
                catch (JsonException)
                {
                    return null;
                }
            }
        }

        /// <summary>What it says went wrong, in one sentence.</summary>
        public string Reason
        {
            get
            {
                var message = Json is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
                return message.Length == 0 ? $"it answered {(int)Status}" : $"it answered {(int)Status}: {(message.Length > 500 ? message[..500] : message)}";
            }
        }
    }

    /// <summary>It did not, or not in a way that can be used; <paramref name="Reason"/> is one sentence without secrets.</summary>
    public sealed record Silent(string Reason) : ConductorReply;
}
