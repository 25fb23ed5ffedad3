using Countersign.Places;
using Countersign.Server.Places;
using Countersign.Settings;
using Countersign.Testing;
using Countersign.Testing.Places;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Places;

public sealed class PlacesTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"countersign-places-{Guid.NewGuid():n}.mmdb");

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("203.0.113.7", "Ljubljana, Slovenia")]
    [InlineData("::ffff:203.0.113.7", "Ljubljana, Slovenia")]
    [InlineData("198.51.100.200", "Slovenia")]
    [InlineData("198.51.100.10", "Bled")]
    [InlineData("2001:db8:1::5", "São Tomé, São Tomé and Príncipe")]
    [InlineData("203.0.114.7", null)]
    [InlineData("2001:db8:2::5", null)]
    [InlineData("10.0.0.7", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("fd00::1", null)]
    [InlineData("nowhere", null)]
    [InlineData("", null)]
    public void An_address_has_the_names_of_its_city_and_its_country(string address, string? place)
    {
        using var places = Open(new MmdbFile()
            .Add("203.0.113.0/24", MmdbFile.City("Ljubljana", "Slovenia"))
            .Add("198.51.100.128/25", MmdbFile.City(null, "Slovenia"))
            .Add("198.51.100.0/26", MmdbFile.City("Bled", null))
            .Add("2001:db8:1::/48", MmdbFile.City("São Tomé", "São Tomé and Príncipe"))
            .Add("10.0.0.0/8", MmdbFile.City("Nowhere", "Nowhere"))
            .Add("127.0.0.0/8", MmdbFile.City("Nowhere", "Nowhere")));

        Assert.Equal(place, places.PlaceOf(address));
    }

    [Fact]
    public void A_database_of_IPv4_alone_says_nothing_of_IPv6()
    {
        using var places = Open(new MmdbFile(4).Add("203.0.113.0/24", MmdbFile.City("Ljubljana", "Slovenia")));

        Assert.Equal("Ljubljana, Slovenia", places.PlaceOf("203.0.113.7"));
        Assert.Null(places.PlaceOf("2001:db8:1::5"));
    }

    [Fact]
    public void A_record_that_is_broken_or_has_other_fields_gives_nothing_and_the_others_go_on()
    {
        using var places = Open(new MmdbFile()
            .Add("203.0.113.0/28", new Dictionary<string, object> { ["city"] = "Ljubljana", ["country"] = new List<object> { "Slovenia" } })
            .Add("203.0.113.16/28", new Dictionary<string, object> { ["city"] = new Dictionary<string, object> { ["names"] = new Dictionary<string, object> { ["de"] = "Laibach" } } })
            .Add("203.0.113.32/28", "no map")
            .Add("203.0.113.48/28", (byte[])[0x3f, 0xff, 0xff, 0xff])                       // a pointer beyond the file
            .Add("203.0.113.64/28", (byte[])[0xe1, 0x44, (byte)'c', (byte)'i', (byte)'t', (byte)'y', 0x5f, 0xff])   // a text longer than the file
            .Add("203.0.113.80/28", MmdbFile.City("Bled", "Slovenia")));

        foreach (var last in (int[])[1, 17, 33, 49, 65]) Assert.Null(places.PlaceOf($"203.0.113.{last}"));
        Assert.Equal("Bled, Slovenia", places.PlaceOf("203.0.113.81"));
    }

    [Fact]
    public void A_file_that_is_no_database_is_told_with_its_key()
    {
        File.WriteAllText(_file, "city,country\nLjubljana,Slovenia\n");

        Assert.StartsWith($"Countersign:Places:Database: found '{_file}', allowed is", Assert.Throws<SettingsException>(() => MaxMindPlaces.Open(_file)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Countersign:Places:Database: found '/nowhere/places.mmdb', which cannot be read", Assert.Throws<SettingsException>(() => MaxMindPlaces.Open("/nowhere/places.mmdb")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_opens_the_database_that_is_set()
    {
        File.WriteAllBytes(_file, new MmdbFile().Add("203.0.113.0/24", MmdbFile.City("Ljubljana", "Slovenia")).Write());
        await using var app = new CountersignApp(Engine.Sqlite, new KeyValuePair<string, string>("Countersign:Places:Database", _file));

        Assert.Equal("Ljubljana, Slovenia", app.Services.GetRequiredService<IPlaces>().PlaceOf("203.0.113.7"));
    }

    private MaxMindPlaces Open(MmdbFile file)
    {
        File.WriteAllBytes(_file, file.Write());
        return MaxMindPlaces.Open(_file);
    }
}
