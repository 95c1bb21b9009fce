using CodeParrot.Corpus.Pipeline;

namespace CodeParrot.Corpus.Documents;

/// <summary>
/// Decides each document's split by a hash of its content, so that it stays where it is when others are added. While
/// all documents fall into one split, the one nearest the border is held back: at the end it fills the split that is
/// empty.
/// </summary>
internal sealed class ValidationSplitter(double fraction)
{
    private KeptDocument? _held;
    private CorpusSplit _heldSplit;
    private bool _hasBoth;
    private long _documents;

    /// <summary>Takes a document and gives those whose split is settled.</summary>
    public IEnumerable<(CorpusSplit Split, KeptDocument Document)> Add(KeptDocument document)
    {
        _documents++;
        var split = Natural(document);
        if (fraction <= 0 || _hasBoth)
        {
            yield return (split, document);
            yield break;
        }
        if (_held is null)
        {
            (_held, _heldSplit) = (document, split);
            yield break;
        }
        if (split == _heldSplit && !IsNearer(document, _held))
        {
            yield return (split, document);
            yield break;
        }
        var before = _held;
        _hasBoth = split != _heldSplit;
        _held = _hasBoth ? null : document;
        yield return (_heldSplit, before);
        if (_hasBoth)
            yield return (split, document);
    }

    /// <summary>Gives what is held back still; a single document is for training.</summary>
    public IEnumerable<(CorpusSplit Split, KeptDocument Document)> Complete()
    {
        if (_held is null)
            yield break;
        var isValidation = _documents > 1 && _heldSplit == CorpusSplit.Train;
        yield return (isValidation ? CorpusSplit.Validation : CorpusSplit.Train, _held);
        _held = null;
    }

    private CorpusSplit Natural(KeptDocument document) =>
        document.SplitHash < fraction * ulong.MaxValue ? CorpusSplit.Validation : CorpusSplit.Train;

    private bool IsNearer(KeptDocument one, KeptDocument other) =>
        _heldSplit == CorpusSplit.Train ? one.SplitHash < other.SplitHash : one.SplitHash > other.SplitHash;
}
