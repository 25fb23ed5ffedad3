namespace Countersign.Storage.Sealing;

/// <summary>A place where sealed secrets lie, for the rotation of keys.</summary>
internal interface ISealedPlace
{
    /// <summary>Whose secrets lie there, for a person.</summary>
    string Name { get; }

    /// <summary>Whether others go on for a moment with what they read there, so that the old key is needed a little longer than the last secret under it.</summary>
    bool IsReadAhead { get; }

    /// <summary>
    /// Seals everything anew that is sealed under an older key, online: what somebody else changes meanwhile is left to the next pass. Says how many things it found.
    /// </summary>
    Task<long> SealAnewAsync(CancellationToken cancellationToken);
}
