using System.Net;
using Countersign.Addresses;
using Countersign.Places;
using Countersign.Settings;
using MaxMind.Db;

namespace Countersign.Server.Places;

/// <summary>Places from a database in MaxMind's format: the English names of <c>city</c> and <c>country</c>. The file is mapped into memory and read while the process runs.</summary>
internal sealed class MaxMindPlaces : IPlaces, IDisposable
{
    private readonly Reader _reader;

    private MaxMindPlaces(Reader reader) => _reader = reader;

    /// <summary>Opens a database.</summary>
    /// <exception cref="SettingsException">The file cannot be read, or is no such database.</exception>
    public static MaxMindPlaces Open(string path)
    {
        const string Key = $"{PlacesSettings.Section}:{nameof(PlacesSettings.Database)}";
        try
        {
            return new MaxMindPlaces(new Reader(path, FileAccessMode.MemoryMapped));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{Key}: found '{path}', which cannot be read: {exception.Message}", exception);
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            throw new SettingsException($"{Key}: found '{path}', allowed is a database of places in MaxMind's format (.mmdb): {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public string? PlaceOf(string address)
    {
        // Addresses for documentation are private to nobody: a database may have them.
        if (!IPAddress.TryParse(address, out var parsed) || (parsed.PrivateNetwork is { } network && !network.StartsWith("documentation", StringComparison.Ordinal))) return null;
        try
        {
            var record = _reader.Find<Dictionary<string, object>>(parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed);
            string?[] names = [NameOf(record, "city"), NameOf(record, "country")];
            return string.Join(", ", names.Where(name => !string.IsNullOrWhiteSpace(name))) is { Length: > 0 } place ? place : null;
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            // A database without this kind of address, or with a broken record: a place is only a help.
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private static string? NameOf(Dictionary<string, object>? record, string what)
        => record?.GetValueOrDefault(what) is Dictionary<string, object> thing && thing.GetValueOrDefault("names") is Dictionary<string, object> names ? names.GetValueOrDefault("en") as string : null;

    // What the reader throws over bytes that are not what they should be.
    private static bool IsBroken(Exception exception)
        => exception is InvalidDatabaseException or DeserializationException or ArgumentException or InvalidCastException or IndexOutOfRangeException or OverflowException or FormatException or KeyNotFoundException;
}
