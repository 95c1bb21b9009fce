using System.Collections;
using System.Security.Cryptography;
using System.Text;

namespace CodeParrot.Corpus.Decontamination;

/// <summary>
/// Tells which problems a document holds: those of which one part (prompt, solution, both together, test) has six
/// tenths of its own shingles in the document. A part's own shingles are those that at most two problems of its list
/// share; a part with fewer than nine, which is sixteen words, tells nothing and is passed over. Safe for concurrent
/// use.
/// </summary>
internal sealed class BenchmarkIndex
{
    /// <summary>The part of a text's shingles that gives it away.</summary>
    public const double Share = 0.6;

    /// <summary>
    /// A part with fewer shingles of its own is passed over: <c>return x + y</c> is in half of all code.
    /// </summary>
    public const int LeastShingles = 9;

    // What more problems of one list have in common is the frame of the list, not a problem.
    private const int MostSharing = 2;

    // The rule by which documents are dropped; counts up when it changes.
    private const int RuleVersion = 1;
    private const int FilterBits = 1 << 20;

    private readonly IReadOnlyList<BenchmarkProblem> _problems;
    private readonly Dictionary<ulong, List<int>> _partsOf = [];
    private readonly List<(int Problem, int Least)> _parts = [];

    // Nearly all shingles of nearly all documents end here.
    private readonly BitArray _filter = new(FilterBits);

    public BenchmarkIndex(IReadOnlyList<BenchmarkProblem> problems)
    {
        _problems = problems;
        var shingles = problems.Select(problem => problem.Parts.Select(ShinglesOf).ToList()).ToList();
        foreach (var list in Enumerable.Range(0, problems.Count).GroupBy(i => problems[i].List))
            Add([.. list], shingles);
        TooShort = Enumerable.Range(0, problems.Count).Except(_parts.Select(part => part.Problem)).Count();
    }

    /// <summary>Gets the number of problems.</summary>
    public int Problems => _problems.Count;

    /// <summary>Gets how many of them have no part that tells.</summary>
    public int TooShort { get; }

    /// <summary>Gets a digest of the rule and of all it looks for.</summary>
    public string Digest
    {
        get
        {
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            digest.AppendData(BitConverter.GetBytes(RuleVersion));
            foreach (var problem in _problems)
            {
                foreach (var text in problem.Parts.Append(problem.Name))
                    digest.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            }
            return Convert.ToHexStringLower(digest.GetHashAndReset());
        }
    }

    /// <summary>Returns the problems that a text holds, by their places in the list.</summary>
    public IReadOnlyList<int> Find(string text)
    {
        List<ulong>? found = null;
        var shingles = new WordShingles(text);
        while (shingles.TryNext(out var shingle))
        {
            if (_filter[PlaceOf(shingle)] && _partsOf.ContainsKey(shingle))
                (found ??= []).Add(shingle);
        }
        if (found is null)
            return [];
        var counts = new Dictionary<int, int>();
        foreach (var part in found.Distinct().SelectMany(shingle => _partsOf[shingle]))
            counts[part] = counts.GetValueOrDefault(part) + 1;
        return
        [
            .. counts
                .Where(count => count.Value >= _parts[count.Key].Least)
                .Select(count => _parts[count.Key].Problem)
                .Distinct()
                .Order(),
        ];
    }

    /// <summary>Names counts by the problems' places.</summary>
    public ContaminationCounts ToCounts(IReadOnlyDictionary<int, long> documents)
    {
        var named = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (problem, count) in documents)
            named[_problems[problem].Name] = named.GetValueOrDefault(_problems[problem].Name) + count;
        return new ContaminationCounts(Problems, TooShort, named);
    }

    private void Add(int[] list, List<List<HashSet<ulong>>> shingles)
    {
        var sharing = list.SelectMany(problem => shingles[problem].SelectMany(part => part).Distinct())
            .CountBy(shingle => shingle)
            .ToDictionary();
        foreach (var problem in list)
        {
            foreach (var part in shingles[problem])
            {
                var own = part.Where(shingle => sharing[shingle] <= MostSharing).ToList();
                if (own.Count < LeastShingles)
                    continue;
                foreach (var shingle in own)
                {
                    _filter[PlaceOf(shingle)] = true;
                    if (!_partsOf.TryGetValue(shingle, out var parts))
                        _partsOf[shingle] = parts = [];
                    parts.Add(_parts.Count);
                }
                _parts.Add((problem, (int)Math.Ceiling(Share * own.Count)));
            }
        }
    }

    private static int PlaceOf(ulong shingle) => (int)(shingle % FilterBits);

    private static HashSet<ulong> ShinglesOf(string text)
    {
        var set = new HashSet<ulong>();
        var shingles = new WordShingles(text);
        while (shingles.TryNext(out var shingle))
            set.Add(shingle);
        return set;
    }
}
