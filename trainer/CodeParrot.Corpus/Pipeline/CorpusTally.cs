using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Parts;
using CodeParrot.Corpus.Readers;
using CodeParrot.Corpus.Secrets;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>Counts what becomes of documents while a corpus is built.</summary>
internal sealed class CorpusTally(string uri, int maxBad)
{
    /// <summary>How many of the bad lines and files are named.</summary>
    public const int NamedBad = 20;

    private const int NamedInError = 5;

    private readonly long[] _drops = new long[Enum.GetValues<DropReason>().Length];
    private readonly SortedDictionary<string, long> _licenses = new(StringComparer.Ordinal);
    private readonly long[] _secrets = new long[Enum.GetValues<SecretKind>().Length];
    private readonly Dictionary<int, long> _problems = [];
    private readonly List<BadInput> _firstBad = [];
    private long _bad;
    private long _secretDocuments;

    public long Read { get; private set; }

    public long SourceBytes { get; private set; }

    public long Kept { get; private set; }

    public long KeptBytes { get; private set; }

    public IReadOnlyList<BadInput> FirstBad => _firstBad;

    public IReadOnlyDictionary<string, long> Licenses => _licenses;

    /// <summary>Gets the documents that hold a benchmark's problem, by the problem's place in the list.</summary>
    public IReadOnlyDictionary<int, long> Problems => _problems;

    /// <summary>Counts a batch, without the documents it kept.</summary>
    /// <exception cref="TooManyBadDocumentsException">More is bad than allowed.</exception>
    public void Add(BatchResult batch)
    {
        Read += batch.Read;
        SourceBytes += batch.SourceBytes;
        for (var i = 0; i < _drops.Length; i++)
            _drops[i] += batch.Drops[i];
        _secretDocuments += batch.SecretDocuments;
        for (var i = 0; i < _secrets.Length; i++)
            _secrets[i] += batch.Secrets[i];
        foreach (var problem in batch.Problems)
            _problems[problem] = _problems.GetValueOrDefault(problem) + 1;
        AddBad(batch.Bad.Count, batch.Bad);
    }

    /// <summary>Counts a part, without the documents it kept.</summary>
    /// <exception cref="TooManyBadDocumentsException">More is bad than allowed.</exception>
    public void Add(PartCounts part)
    {
        Read += part.Read;
        SourceBytes += part.SourceBytes;
        foreach (var (reason, count) in part.Dropped)
            _drops[(int)reason] += count;
        _secretDocuments += part.SecretDocuments;
        foreach (var (kind, count) in part.Secrets)
            _secrets[(int)kind] += count;
        foreach (var (problem, count) in part.Problems)
            _problems[problem] = _problems.GetValueOrDefault(problem) + count;
        AddBad(part.Bad, part.FirstBad);
    }

    public void Keep(KeptDocument document)
    {
        Kept++;
        KeptBytes += document.ContentBytes;
        _licenses[document.License] = _licenses.GetValueOrDefault(document.License) + 1;
    }

    public void Drop(DropReason reason, long documents = 1) => _drops[(int)reason] += documents;

    private void AddBad(long count, List<BadInput> first)
    {
        _bad += count;
        _firstBad.AddRange(first.Take(NamedBad - _firstBad.Count));
        if (_bad > maxBad)
            throw new TooManyBadDocumentsException(uri, maxBad, _firstBad.Take(NamedInError).ToArray());
    }

    public SecretCounts ToSecretCounts() =>
        new(
            _secretDocuments,
            Enum.GetValues<SecretKind>()
                .Where(kind => _secrets[(int)kind] > 0)
                .ToDictionary(kind => kind, kind => _secrets[(int)kind])
        );

    public CorpusCounts ToCounts() =>
        new()
        {
            Read = Read,
            Kept = Kept,
            Bad = _bad,
            SourceBytes = SourceBytes,
            KeptBytes = KeptBytes,
            Dropped = Enum.GetValues<DropReason>()
                .Where(reason => _drops[(int)reason] > 0)
                .ToDictionary(reason => reason, reason => _drops[(int)reason]),
        };
}
