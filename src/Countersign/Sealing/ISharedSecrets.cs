namespace Countersign.Sealing;

/// <summary>Secrets of the whole installation, kept sealed in the store: made by the node that needs one first, and the same for all.</summary>
public interface ISharedSecrets
{
    /// <summary>A secret by its name; made when there is none. Of nodes that make it at once one is first, and all get that one's.</summary>
    /// <param name="name">The name: letters, digits and <c>-</c>, at most 50.</param>
    /// <param name="make">Makes it: at most <see cref="SealedSecret.MaxLength"/> bytes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<byte[]> GetAsync(string name, Func<byte[]> make, CancellationToken cancellationToken);
}
