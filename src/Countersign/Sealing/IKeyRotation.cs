namespace Countersign.Sealing;

/// <summary>Renews the key that secrets are sealed with, while the service runs.</summary>
public interface IKeyRotation
{
    /// <summary>
    /// Makes a new data key, seals every secret anew under it, and removes the old ones. A rotation that was broken off is finished instead: run it again until it ends.
    /// </summary>
    /// <param name="progress">Told what is being done, for a person; null: nobody.</param>
    /// <param name="cancellationToken">Breaks it off; nothing is lost.</param>
    Task<RotatedKeys> RotateAsync(Action<string>? progress, CancellationToken cancellationToken);
}

/// <summary>What a rotation did.</summary>
/// <param name="Key">The number of the key that seals now.</param>
/// <param name="Secrets">Users, hooks, messages, hardware tokens, shared secrets, and what integrations keep, that were sealed anew.</param>
/// <param name="Removed">Keys that were removed.</param>
public readonly record struct RotatedKeys(int Key, long Secrets, int Removed);
