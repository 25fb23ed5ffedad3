using System.Text.Json;

namespace Countersign.Delivery.TelephonyHook;

/// <summary>What an endpoint answered to a preview (contract 15.1, <c>execute</c>). Closed: nothing outside this file can add a case.</summary>
public abstract record HookPreview
{
    private HookPreview() { }

    /// <summary>A JSON object came.</summary>
    /// <param name="Status">The status.</param>
    /// <param name="Body">The object.</param>
    public sealed record Answered(int Status, JsonElement Body) : HookPreview;

    /// <summary>An answer came that is no JSON object (<c>E0000134</c>).</summary>
    /// <param name="Reason">What is wrong with it.</param>
    public sealed record Unreadable(string Reason) : HookPreview;

    /// <summary>No answer came in time, or there was no connection (<c>E0000137</c>).</summary>
    /// <param name="Reason">Which of both.</param>
    public sealed record Silent(string Reason) : HookPreview;
}
