using System.Globalization;

namespace Countersign.Server.Json;

internal static class Timestamps
{
    extension(DateTimeOffset instant)
    {
        /// <summary>The contract's form: UTC, three decimals (1.2).</summary>
        public string ToTimestamp() => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }
}
