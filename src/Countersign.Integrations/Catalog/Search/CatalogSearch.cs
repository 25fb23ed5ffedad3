namespace Countersign.Integrations.Catalog.Search;

/// <summary>What a search found.</summary>
/// <param name="Operations">A page of them, the best first.</param>
/// <param name="Terms">What was looked for, for highlights.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
/// <param name="Suggestions">The nearest words, when nothing was found.</param>
public sealed record SearchResult(IReadOnlyList<CatalogOperation> Operations, IReadOnlyList<QueryTerm> Terms, int? Next, IReadOnlyList<string> Suggestions);

/// <summary>
/// Searches the catalog (workflow contract 14). The index answers with candidates in a fixed order, looking first where the best ones are; what they are worth is said by
/// <see cref="Ranking"/>, alike on both engines. At most <see cref="MostCandidates"/> of each look are ranked, so a page beyond these is not to be had.
/// </summary>
public sealed class CatalogSearch(ICatalogIndex index)
{
    /// <summary>So many candidates of each look are ranked.</summary>
    public const int MostCandidates = 200;
    private const int Enough = 5, Rare = 3, Common = 50, Beginnings = 12;

    /// <summary>Searches: the page of <paramref name="limit"/> that begins at <paramref name="from"/>.</summary>
    public async Task<SearchResult> FindAsync(SearchQuery query, int from, int limit, CancellationToken cancellationToken)
    {
        var terms = await TermsAsync(query, cancellationToken);
        var found = await CandidatesAsync(query, terms, from + limit + 1, cancellationToken);
        var ranking = new Ranking(query, terms);
        var ranked = found.Values.Select(operation => (Score: ranking.Score(operation), operation))
            .OrderByDescending(scored => scored.Score).ThenBy(scored => scored.operation.Key).Select(scored => scored.operation).ToList();
        var page = ranked.Skip(from).Take(limit).ToList();
        var suggestions = ranked.Count == 0 ? await SuggestAsync(terms, cancellationToken) : [];
        return new SearchResult(page, terms, from + limit < ranked.Count ? from + limit : null, suggestions);
    }

    /// <summary>What the results can be narrowed by.</summary>
    public async Task<CatalogFacets> FacetsAsync(SearchQuery query, int limit, CancellationToken cancellationToken)
    {
        if (query.Words.IsEmpty && !query.HasFilter) return await index.FacetsAsync(limit, cancellationToken);
        var terms = await TermsAsync(query, cancellationToken);
        return await index.FacetsAsync(new IndexQuery([.. terms.Select(term => term.ToTerm())], SearchScope.Everything, query.Marks(), 2_000), limit, cancellationToken);
    }

    private async Task<Dictionary<long, CatalogOperation>> CandidatesAsync(SearchQuery query, List<QueryTerm> terms, int wanted, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, CatalogOperation>();
        var marks = query.Marks();
        var all = terms.Select(term => term.ToTerm()).ToList();
        foreach (var scope in all.Count == 0 ? [SearchScope.Everything] : new[] { SearchScope.Titles, SearchScope.Names, SearchScope.Everything })
        {
            if (await AddAsync(all, scope) >= MostCandidates || (scope != SearchScope.Titles && found.Count >= wanted)) return found;
        }
        if (found.Count >= Enough || all.Count < 2) return found;
        // All words before some: one is left out at a time, then all but one.
        foreach (var left in all) await AddAsync([.. all.Where(term => term != left)], SearchScope.Names);
        if (found.Count == 0 && all.Count > 2)
            foreach (var only in all) await AddAsync([only], SearchScope.Names);
        return found;

        async Task<int> AddAsync(IReadOnlyList<SearchTerm> some, SearchScope scope)
        {
            var operations = await index.FindAsync(new IndexQuery(some, scope, marks, MostCandidates), cancellationToken);
            foreach (var operation in operations) found.TryAdd(operation.Key, operation);
            return operations.Count;
        }
    }

    private async Task<List<QueryTerm>> TermsAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        if (query.Words.IsEmpty) return [];
        var counts = await index.CountAsync([.. query.Words.Select(word => word.Word)], cancellationToken);
        var terms = new List<QueryTerm>();
        foreach (var word in query.Words)
        {
            var count = counts.GetValueOrDefault(word.Word);
            var beginnings = word.IsLast || count < Common ? await index.BeginningAsync(word.Typed, Beginnings, cancellationToken) : [];
            var begun = beginnings.Where(beginning => beginning.Name != word.Word).ToList();
            var goesOn = begun.Count > 0 && (word.IsLast || begun[0].Count > count * 5);
            var isRare = count < Rare && begun.Sum(beginning => beginning.Count) < Rare;
            var near = isRare ? await NearAsync(word.Word, cancellationToken) : [];
            // What was not typed to its end, or not right, stands for the word that was meant.
            var meant = near.Count > 0 ? near[0] : goesOn && count < Rare ? begun[0].Name : word.Word;
            terms.Add(new QueryTerm(word, goesOn ? word.Typed : null, [.. begun.Select(beginning => beginning.Name)], Synonyms.Of(meant), near));
        }
        return terms;
    }

    /// <summary>Words one typing error away, the most frequent first. One end of the word is as typed, so the index need not compare all words.</summary>
    private async Task<IReadOnlyList<string>> NearAsync(string word, CancellationToken cancellationToken)
    {
        if (word.Length < 4) return [];
        var kept = Math.Max(1, (word.Length - 1) / 2);
        var alike = await index.AlikeAsync(word[..kept], word[^kept..], Math.Max(5, word.Length - 1), word.Length + 1, 2_000, cancellationToken);
        return [.. alike.Where(other => other.Count >= Rare && other.Name != word && Spelling.IsNear(word, other.Name)).Take(4).Select(other => other.Name)];
    }

    private async Task<IReadOnlyList<string>> SuggestAsync(List<QueryTerm> terms, CancellationToken cancellationToken)
    {
        var suggestions = new List<string>();
        foreach (var term in terms)
        {
            var word = term.Typed.Word;
            if (word.Length < 3) continue;
            var alike = await index.AlikeAsync(word[..2], word[^2..], Math.Max(3, word.Length - 2), word.Length + 2, 2_000, cancellationToken);
            suggestions.AddRange(alike.Where(other => other.Name != word)
                .Select(other => (other.Name, Distance: Spelling.Distance(word, other.Name, 2), other.Count)).Where(other => other.Distance <= 2)
                .OrderBy(other => other.Distance).ThenByDescending(other => other.Count).Take(3).Select(other => other.Name));
        }
        return [.. suggestions.Distinct().Take(5)];
    }
}
