using CodeParrot.Tokenizer.Merges;
using CodeParrot.Tokenizer.Words;

namespace CodeParrot.Tokenizer.Learning;

/// <summary>
/// Byte pair encoding: merges the most frequent pair of neighbours until the vocabulary is full. Ties go to the lower
/// ids, so that the result depends on nothing but the counts (TRAINING.md, section 4; Hugging Face tokenizers,
/// bpe/trainer.rs).
/// </summary>
internal sealed class MergeLearner
{
    private readonly BpeTrainerOptions _options;
    private readonly List<string> _tokens;
    private readonly List<Merge> _merges = [];
    private readonly Dictionary<string, int> _specialIds = [];
    private readonly PairIndex _pairs;

    /// <summary>A learner of the given words.</summary>
    public MergeLearner(WordTable words, BpeTrainerOptions options)
    {
        _options = options;
        _tokens = [.. options.SpecialTokens];
        for (int id = 0; id < _tokens.Count; id++)
        {
            _specialIds.Add(_tokens[id], id);
        }

        var byteIds = new int[256];
        foreach (char symbol in ByteAlphabet.Sorted)
        {
            byteIds[ByteAlphabet.ToByte(symbol)] = _tokens.Count;
            _tokens.Add($"{symbol}");
        }

        var board = new WordBoard(words, byteIds, options.VocabularySize);
        _pairs = new PairIndex(board, options.VocabularySize, Math.Max(1, options.MinFrequency));
    }

    /// <summary>Learns all merges.</summary>
    /// <param name="report">Told the size of the vocabulary, a few hundred times.</param>
    /// <param name="cancellation">Stops between two merges.</param>
    public Vocabulary Learn(Action<int> report, CancellationToken cancellation)
    {
        int reportEvery = Math.Max(1, _options.VocabularySize / 256);
        while (_tokens.Count < _options.VocabularySize && _pairs.TryTakeBest(out Pair best))
        {
            cancellation.ThrowIfCancellationRequested();
            string token = _tokens[best.Left] + _tokens[best.Right];
            // Merges that happen to spell a special token become it, as in the Hugging Face trainer.
            if (!_specialIds.TryGetValue(token, out int id))
            {
                id = _tokens.Count;
                _tokens.Add(token);
            }

            _merges.Add(new Merge(best.Left, best.Right, id));
            _pairs.Merge(best, id);
            if (_merges.Count % reportEvery == 0)
            {
                report(_tokens.Count);
            }
        }

        report(_tokens.Count);
        return new Vocabulary(_tokens, _merges, [.. Enumerable.Range(0, _options.SpecialTokens.Count)]);
    }
}
