namespace Countersign.Integrations.Catalog.Search;

/// <summary>
/// Says how well an operation answers a query: title and operation id before the API's name, these before path, tags and description (workflow contract 14). Pure: the same words give
/// the same order on every engine.
/// </summary>
public sealed class Ranking(SearchQuery query, IReadOnlyList<QueryTerm> terms)
{
    private const double Exact = 1, Prefixed = 0.8, Synonymous = 0.72, Misspelled = 0.6;

    // Candidates share their APIs: what each API's names are worth is said once.
    private readonly Dictionary<string, double[]> _apis = new(StringComparer.Ordinal);
    private readonly List<string> _title = [], _named = [], _path = [], _tags = [];

    /// <summary>How well; higher is better.</summary>
    public double Score(CatalogOperation operation)
    {
        var (title, named, path, tags) = (Fill(_title, operation.Title), Fill(_named, operation.OperationId), Fill(_path, operation.Path), _tags);
        tags.Clear();
        foreach (var tag in operation.Tags) Words.Add(tags, tag, compounds: true);
        if (!_apis.TryGetValue(operation.Api.Id, out var apis)) _apis[operation.Api.Id] = apis = Api(operation.Api);
        var score = 0.0;
        var (missing, inTitle, apart, before) = (0, 0, 0UL, int.MinValue);
        for (var i = 0; i < terms.Count; i++)
        {
            var (byWord, place) = Match(terms[i], title);
            if (place is >= 0 and < 64) apart |= 1UL << place;
            var byTitle = 10 * Math.Max(byWord, 0.95 * Match(terms[i], named).Match);
            var byApi = apis[i];
            var byPath = 6 * Match(terms[i], path).Match;
            var byTag = 4 * Match(terms[i], tags).Match;
            var best = Math.Max(Math.Max(byTitle, byApi), Math.Max(byPath, byTag));
            if (best == 0) missing++;
            // A provider's own name says whose operation is meant.
            if (byApi >= 10) score += 4;
            // Words in the order in which they were typed.
            if (place >= 0 && place == before + 1) score += 1;
            before = place;
            if (byTitle > 0) inTitle++;
            score += best == 0 ? 1 : best;
            // The same word in several places is a better sign than in one.
            score += (byTitle + byApi + byPath + byTag - best) * 0.06;
        }
        if (terms.Count > 0)
        {
            score -= missing * 4;
            var telling = title.Count(word => !Synonyms.IsEmpty(word));
            if (telling > 0) score += 6.0 * Math.Min(System.Numerics.BitOperations.PopCount(apart), telling) / telling;
            if (inTitle == terms.Count) score += 2;
        }
        score += Verb(operation, title, named) + Place(operation);
        score -= 0.35 * operation.Path.Count(letter => letter is '/' or '.') + 0.08 * title.Count;
        if (operation.IsOwn) score += 3;
        return operation.IsDeprecated ? score - 1_000 : score;
    }

    private double Verb(CatalogOperation operation, List<string> title, List<string> named)
    {
        var score = 0.0;
        foreach (var term in terms)
        {
            if (Synonyms.Fits(term.Typed.Word, operation.Method) is not { } fits) continue;
            score += fits ? 2.5 : -2.5;
            if (title is [var first, ..] && (first == term.Typed.Word || named is [var verb, ..] && verb == term.Typed.Word)) score += 1;
            score += Shape(term.Typed.Word, operation);
            break;
        }
        return score;
    }

    /// <summary>What is created or listed is a collection; what is read, changed or deleted is one of it.</summary>
    private static double Shape(string verb, CatalogOperation operation)
    {
        var endsWithParameter = operation.Path.TrimEnd('/').EndsWith('}');
        return verb switch
        {
            "create" or "add" or "new" or "insert" or "list" or "search" => endsWithParameter ? -0.8 : 0.8,
            "delete" or "remove" or "update" => endsWithParameter ? 0.8 : -0.4,
            _ => 0,
        };
    }

    private double Place(CatalogOperation operation)
    {
        var score = 0.0;
        if (query.Method == operation.Method) score += 6;
        if (query.Path is not { } typed) return score;
        var path = SearchQuery.PathKey(operation.Path);
        if (path == typed) score += operation.Path.Contains(query.Typed, StringComparison.Ordinal) ? 26 : 25;
        else if (path.EndsWith(typed, StringComparison.Ordinal)) score += 15;
        else if (path.StartsWith(typed, StringComparison.Ordinal)) score += 10;
        return score;
    }

    private double[] Api(ApiName api)
    {
        var (provider, names) = (SearchText.OfProvider(api.Provider), SearchText.OfApi(api));
        return [.. terms.Select(term => Math.Max(10 * Match(term, provider).Match, 7 * Match(term, names).Match))];
    }

    private static List<string> Fill(List<string> words, string? text)
    {
        words.Clear();
        Words.Add(words, text, compounds: true);
        return words;
    }

    private static (double Match, int Place) Match(QueryTerm term, List<string> words)
    {
        var (best, place) = (0.0, -1);
        for (var i = 0; i < words.Count; i++)
        {
            var match = Match(term, words[i]);
            if (match > best) (best, place) = (match, i);
        }
        return (best, place);
    }

    /// <summary>How well a word of an operation stands for a term: 1 when it is the word itself, 0 when it is another.</summary>
    public static double Match(QueryTerm term, string word)
    {
        if (word == term.Typed.Word) return Exact;
        if (term.Prefix is { } prefix && word.StartsWith(prefix, StringComparison.Ordinal)) return Prefixed * (0.7 + (0.3 * prefix.Length / word.Length));
        if (term.Synonyms.Contains(word)) return Synonymous;
        return term.Near.Contains(word) ? Misspelled : 0;
    }
}
