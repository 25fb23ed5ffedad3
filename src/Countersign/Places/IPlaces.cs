namespace Countersign.Places;

/// <summary>Says roughly where an address is, for a person to recognise. Thread-safe.</summary>
public interface IPlaces
{
    /// <summary>City and country, for example <c>Ljubljana, Slovenia</c>; null when it is not known.</summary>
    string? PlaceOf(string address);
}

/// <summary>No database of places is configured.</summary>
public sealed class NoPlaces : IPlaces
{
    /// <summary>The only one.</summary>
    public static readonly NoPlaces Instance = new();

    private NoPlaces()
    {
    }

    /// <inheritdoc/>
    public string? PlaceOf(string address) => null;
}
