namespace Countersign.Server.Requests;

/// <summary>Reads query parameters (contract 1.1).</summary>
internal static class Query
{
    /// <summary>A boolean, false when absent; false is returned for anything but <c>true</c> and <c>false</c>.</summary>
    public static bool TryReadBoolean(HttpContext http, string name, out bool value)
    {
        var text = http.Request.Query[name];
        value = text == "true";
        return value || text.Count == 0 || text == "false";
    }
}
