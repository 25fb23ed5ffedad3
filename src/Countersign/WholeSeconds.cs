namespace Countersign;

/// <summary>The contract's resources carry whole seconds (contract 1.2).</summary>
public static class WholeSeconds
{
    extension(DateTimeOffset instant)
    {
        /// <summary>The instant without its fraction of a second.</summary>
        public DateTimeOffset ToWholeSeconds() => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());
    }
}
