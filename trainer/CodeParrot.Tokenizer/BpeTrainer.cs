using System.Text;
using CodeParrot.Tokenizer.Learning;
using CodeParrot.Tokenizer.Merges;
using CodeParrot.Tokenizer.Words;

namespace CodeParrot.Tokenizer;

/// <summary>
/// Learns a byte-level BPE vocabulary from documents, with the merges that the Hugging Face trainer makes of the same
/// documents. Documents are counted as they come; their text is not kept. One thread adds; others count.
/// </summary>
public sealed class BpeTrainer
{
    private readonly BpeTrainerOptions _options;
    private readonly WordCounter _counter;

    /// <summary>A trainer without documents.</summary>
    /// <exception cref="ArgumentException">The options have mistakes; the message lists all, one a line.</exception>
    public BpeTrainer(BpeTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = options.Validate().ToList();
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join('\n', errors));
        }

        _options = options;
        _counter = new WordCounter(options.Threads);
    }

    /// <summary>Documents taken so far.</summary>
    public long DocumentCount { get; private set; }

    /// <summary>Whether <see cref="BpeTrainerOptions.MaxDocuments"/> are in: reading on would be for nothing.</summary>
    public bool IsFull => DocumentCount >= _options.MaxDocuments;

    /// <summary>Counts the words of a document. A special token's spelling in it is text like any other.</summary>
    public void Add(string document) => Add(document.AsSpan());

    /// <inheritdoc cref="Add(string)"/>
    public void Add(ReadOnlySpan<char> document)
    {
        if (!IsFull)
        {
            DocumentCount++;
            int byteCount = Encoding.UTF8.GetByteCount(document);
            Encoding.UTF8.GetBytes(document, _counter.Reserve(byteCount));
            _counter.Commit(byteCount);
        }
    }

    /// <inheritdoc cref="Add(string)"/>
    /// <param name="document">UTF-8; other bytes are learnt as they are.</param>
    public void AddUtf8(ReadOnlySpan<byte> document)
    {
        if (!IsFull)
        {
            DocumentCount++;
            document.CopyTo(_counter.Reserve(document.Length));
            _counter.Commit(document.Length);
        }
    }

    /// <summary>Learns the merges of all documents added. Call it once; the trainer gives up its counts.</summary>
    /// <param name="progress">Told a few hundred times.</param>
    /// <param name="cancellation">Stops between two merges.</param>
    /// <returns>A tokenizer of at most <see cref="BpeTrainerOptions.VocabularySize"/> tokens.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public BpeTokenizer Train(IProgress<BpeTrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        WordTable words = _counter.Finish();
        int distinct = words.Count;
        progress?.Report(new BpeTrainingProgress(DocumentCount, distinct, 0, _options.VocabularySize));
        var learner = new MergeLearner(words, _options);
        Vocabulary vocabulary = learner.Learn(
            size => progress?.Report(new BpeTrainingProgress(DocumentCount, distinct, size, _options.VocabularySize)),
            cancellation
        );
        return new BpeTokenizer(vocabulary);
    }
}
