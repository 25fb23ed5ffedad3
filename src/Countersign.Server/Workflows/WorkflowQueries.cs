using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Countersign.Server.Workflows;

/// <summary>Reads query parameters of the workflow API.</summary>
internal static class WorkflowQueries
{
    extension(HttpContext http)
    {
        /// <summary>A text; null when absent or empty.</summary>
        public string? Text(string name) => http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

        /// <summary>A flag; anything but <c>true</c> in any letter case is false.</summary>
        public bool Flag(string name, bool whenAbsent = false) => http.Text(name) is { } text ? string.Equals(text, "true", StringComparison.OrdinalIgnoreCase) : whenAbsent;

        /// <summary>A whole number within bounds, or the error.</summary>
        public bool TryNumber(string name, long whenAbsent, long least, long most, out long number, [NotNullWhen(false)] out IResult? error)
        {
            (number, error) = (whenAbsent, null);
            if (http.Text(name) is not { } text) return true;
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && number >= least && number <= most) return true;
            error = WorkflowErrors.Invalid($"{name} must be a whole number from {least.ToString("#,0", CultureInfo.InvariantCulture)} to {most.ToString("#,0", CultureInfo.InvariantCulture)}.");
            return false;
        }
    }
}
