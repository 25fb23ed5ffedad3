namespace Countersign.Server.Workflows;

/// <summary>What became of each of several things that stand alone: <c>bulkSuccessfulResults</c> and <c>bulkErrorResults</c>.</summary>
internal sealed class BulkOutcome : IResult
{
    private readonly List<string> _succeeded = [];
    private readonly Dictionary<string, string> _failed = new(StringComparer.Ordinal);

    public void Succeeded(string what) => _succeeded.Add(what);

    public void Failed(string what, string why) => _failed[what] = why;

    public Task ExecuteAsync(HttpContext httpContext) => new WrittenJsonResult(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("bulkSuccessfulResults"u8);
        foreach (var what in _succeeded) writer.WriteStringValue(what);
        writer.WriteEndArray();
        writer.WriteStartObject("bulkErrorResults"u8);
        foreach (var (what, why) in _failed) writer.WriteString(what, why);
        writer.WriteEndObject();
        writer.WriteString("message"u8, $"{_succeeded.Count} succeeded, {_failed.Count} failed.");
        writer.WriteEndObject();
    }).ExecuteAsync(httpContext);
}
