namespace Countersign.Integrations.Catalog.Search;

/// <summary>
/// Says how well an operation answers a query: title and operation id before the API's name, these before path, tags and description (workflow contract 14). Pure: the same words give
/// the same order on every engine.
/// </summary>
public sealed class Ranking(SearchQuery query, IReadOnlyList<QueryTerm> terms)
{
    private const double Exact = 1, Prefixed = 0.8, Synonymous = 0.72, Misspelled = 0.6;

    /// <summary>How well; higher is better.</summary>
    public double Score(CatalogOperation operation)
    {
        var title = Words.Of(operation.Title, compounds: true);
        var named = Words.Of(operation.OperationId, compounds: true);
        var provider = Words.Of(operation.Api.Provider);
        var api = SearchText.OfApi(operation.Api);
        var path = Words.Of(operation.Path, compounds: true);
        var tags = operation.Tags.SelectMany(tag => Words.Of(tag, compounds: true)).ToList();
        var score = 0.0;
        var (missing, inTitle, apart) = (0, 0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var term in terms)
        {
            var byTitle = 10 * Math.Max(Match(term, title, apart), 0.95 * Match(term, named, null));
            var byApi = Math.Max(10 * Match(term, provider, null), 7 * Match(term, api, null));
            var byPath = 6 * Match(term, path, null);
            var byTag = 4 * Match(term, tags, null);
            var best = Math.Max(Math.Max(byTitle, byApi), Math.Max(byPath, byTag));
            if (best == 0) missing++;
            if (byTitle > 0) inTitle++;
            score += best == 0 ? 1 : best;
            // The same word in several places is a better sign than in one.
            score += (byTitle + byApi + byPath + byTag - best) * 0.06;
        }
        if (terms.Count > 0)
        {
            score -= missing * 4;
            var telling = title.Distinct().Count(word => !Synonyms.IsEmpty(word));
            if (telling > 0) score += 6.0 * Math.Min(apart.Count, telling) / telling;
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
        if (path == typed) score += 25;
        else if (path.EndsWith(typed, StringComparison.Ordinal)) score += 15;
        else if (path.StartsWith(typed, StringComparison.Ordinal)) score += 10;
        return score;
    }

    private static double Match(QueryTerm term, List<string> words, HashSet<string>? matched)
    {
        var best = 0.0;
        string? word = null;
        foreach (var one in words)
        {
            var match = Match(term, one);
            if (match <= best) continue;
            (best, word) = (match, one);
        }
        if (word is not null) matched?.Add(word);
        return best;
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
