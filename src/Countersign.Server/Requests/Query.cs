using System.Globalization;

namespace Countersign.Server.Requests;

/// <summary>Reads query parameters (contract 1.1).</summary>
internal static class Query
{
    /// <summary>A boolean, false when absent; false is returned for anything but <c>true</c> and <c>false</c>.</summary>
    public static bool TryReadBoolean(HttpContext http, string name, out bool value) => TryReadBoolean(http, name, whenAbsent: false, out value);

    /// <summary>A boolean with a value for when it is absent; false is returned for anything but <c>true</c> and <c>false</c>.</summary>
    public static bool TryReadBoolean(HttpContext http, string name, bool whenAbsent, out bool value)
    {
        var text = http.Request.Query[name];
        value = text.Count == 0 ? whenAbsent : text == "true";
        return value || text.Count == 0 || text == "false";
    }

    /// <summary>A list's <c>limit</c>, brought down to the most that the list gives; false is returned for anything but a positive number (contract 5).</summary>
    public static bool TryReadLimit(HttpContext http, int whenAbsent, int most, out int limit)
    {
        var text = http.Request.Query["limit"];
        limit = whenAbsent;
        if (text.Count == 0) return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 1) return false;
        limit = Math.Min(limit, most);
        return true;
    }

    /// <summary>A whole number, null when absent; false is returned for anything else (contract 1.1).</summary>
    public static bool TryReadNumber(HttpContext http, string name, out int? number)
    {
        number = null;
        if (ReadText(http, name) is not { } text) return true;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed)) return false;
        number = parsed;
        return true;
    }

    /// <summary>A text; null when absent or empty.</summary>
    public static string? ReadText(HttpContext http, string name) => http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;
}
