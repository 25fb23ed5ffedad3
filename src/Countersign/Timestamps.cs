using System.Globalization;

namespace Countersign;

/// <summary>Instants as they are written (contract 1.2).</summary>
public static class Timestamps
{
    extension(DateTimeOffset instant)
    {
        /// <summary>In UTC with three decimals, for example <c>2026-03-05T09:41:07.000Z</c>.</summary>
        public string ToTimestamp() => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }
}
