namespace Countersign.Integrations.Catalog.Search;

/// <summary>What of an operation is indexed: words by where they stand.</summary>
public sealed record SearchText
{
    private const int MostWords = 120;

    /// <summary>Title and operation id.</summary>
    public required IReadOnlyList<string> Title { get; init; }
    /// <summary>Provider, name and title of the API.</summary>
    public required IReadOnlyList<string> Api { get; init; }
    /// <summary>The path, and the method.</summary>
    public required IReadOnlyList<string> Path { get; init; }
    /// <summary>Tags.</summary>
    public required IReadOnlyList<string> Tags { get; init; }
    /// <summary>The beginning of the description.</summary>
    public required IReadOnlyList<string> Description { get; init; }
    /// <summary>What can be filtered by, as words that no text has.</summary>
    public required IReadOnlyList<string> Marks { get; init; }

    /// <summary>What is indexed of an operation.</summary>
    public static SearchText Of(CatalogOperation operation, string? description) => new()
    {
        Title = [.. Words.Of(operation.Title, compounds: true, MostWords), .. Words.Of(operation.OperationId, compounds: true, MostWords)],
        Api = OfApi(operation.Api),
        Path = [.. Words.Of(operation.Path, compounds: true, MostWords), operation.Method.ToLowerInvariant()],
        Tags = [.. operation.Tags.SelectMany(tag => Words.Of(tag, compounds: true, MostWords))],
        Description = Words.Of(description, most: MostWords),
        Marks = [ProviderMark(operation.Api.Provider), MethodMark(operation.Method), .. operation.Tags.Select(TagMark)],
    };

    /// <summary>The words of a provider's name. The last part of a domain says nothing.</summary>
    public static List<string> OfProvider(string provider)
    {
        var end = provider.LastIndexOf('.');
        return Words.Of(end > 0 ? provider[..end] : provider, compounds: true);
    }

    /// <summary>The words of an API's names.</summary>
    public static List<string> OfApi(ApiName api)
    {
        var words = OfProvider(api.Provider);
        Words.Add(words, api.Provider.Replace(".", "", StringComparison.Ordinal));
        Words.Add(words, api.Name, compounds: true, MostWords);
        Words.Add(words, api.Title, compounds: true, MostWords);
        return words;
    }

    /// <summary>The mark of a provider.</summary>
    public static string ProviderMark(string provider) => Mark('p', provider);
    /// <summary>The mark of a method.</summary>
    public static string MethodMark(string method) => Mark('m', method.ToUpperInvariant());
    /// <summary>The mark of a tag.</summary>
    public static string TagMark(string tag) => Mark('t', tag);

    // Hexadecimal: one word to every tokenizer, whatever the name is made of.
    private static string Mark(char kind, string name)
    {
        Span<byte> hash = stackalloc byte[32];
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name), hash);
        return $"{kind}0{Convert.ToHexStringLower(hash[..8])}";
    }
}
