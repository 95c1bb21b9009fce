using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>Counts what becomes of documents while a corpus is built.</summary>
internal sealed class CorpusTally(string uri, int maxBad)
{
    private const int NamedBad = 20;
    private const int NamedInError = 5;

    private readonly long[] _drops = new long[Enum.GetValues<DropReason>().Length];
    private readonly SortedDictionary<string, long> _licenses = new(StringComparer.Ordinal);
    private readonly List<BadInput> _firstBad = [];
    private long _bad;

    public long Read { get; private set; }

    public long SourceBytes { get; private set; }

    public long Kept { get; private set; }

    public long KeptBytes { get; private set; }

    public IReadOnlyList<BadInput> FirstBad => _firstBad;

    public IReadOnlyDictionary<string, long> Licenses => _licenses;

    /// <summary>Counts a batch, without the documents it kept.</summary>
    /// <exception cref="TooManyBadDocumentsException">More is bad than allowed.</exception>
    public void Add(BatchResult batch)
    {
        Read += batch.Read;
        SourceBytes += batch.SourceBytes;
        for (var i = 0; i < _drops.Length; i++)
            _drops[i] += batch.Drops[i];
        _bad += batch.Bad.Count;
        _firstBad.AddRange(batch.Bad.Take(NamedBad - _firstBad.Count));
        if (_bad > maxBad)
            throw new TooManyBadDocumentsException(uri, maxBad, _firstBad.Take(NamedInError).ToArray());
    }

    public void Keep(KeptDocument document)
    {
        Kept++;
        KeptBytes += document.ContentBytes;
        _licenses[document.License] = _licenses.GetValueOrDefault(document.License) + 1;
    }

    public void Drop(DropReason reason, long documents = 1) => _drops[(int)reason] += documents;

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
