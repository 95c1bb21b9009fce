using System.Runtime.CompilerServices;
using System.Text;
using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Pipeline;
using ZstdSharp;

namespace CodeParrot.Corpus.Tokens;

/// <summary>Turns the documents of one shard into ids as they are read: nothing is stored.</summary>
/// <param name="encoder">The tokenizer; <see cref="ReadyMadeIds"/> will do for ready-made ids.</param>
/// <param name="kind">What the documents are.</param>
/// <param name="threads">Threads that encode, at least 1. The ids do not depend on it.</param>
/// <param name="sequenceTokens">Tokens that every ready-made sequence must have.</param>
public sealed class ShardEncoder(IDocumentEncoder encoder, TokenKind kind, int threads, int sequenceTokens)
{
    private const int DocumentsInBatch = 64;
    private const int CharactersInBatch = 512 * 1024;
    private const int BufferBytes = 64 * 1024;

    /// <summary>Reads a shard, in its order and at most a few batches ahead.</summary>
    /// <param name="path">A file with the shard's bytes, verified.</param>
    /// <param name="firstDocument">Where to begin; what comes before it is not encoded.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IdOutOfVocabularyException">A ready-made id is not in the vocabulary.</exception>
    /// <exception cref="RaggedSequenceException">A ready-made sequence has another length.</exception>
    public IAsyncEnumerable<DocumentBatch> ReadAsync(
        string path,
        long firstDocument = 0,
        CancellationToken cancellationToken = default
    ) =>
        OrderedParallel.RunAsync(
            ReadLinesAsync(path, firstDocument, cancellationToken),
            (batch, _) => Task.FromResult(Encode(batch)),
            threads,
            cancellationToken
        );

    private static async IAsyncEnumerable<(long First, List<string> Lines)> ReadLinesAsync(
        string path,
        long firstDocument,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var raw = File.OpenRead(path);
        await using var plain = new DecompressionStream(raw, leaveOpen: true);
        using var reader = new StreamReader(plain, Encoding.UTF8, false, BufferBytes, leaveOpen: true);
        var (first, document, characters) = (firstDocument, 0L, 0);
        var lines = new List<string>();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (document++ < firstDocument)
                continue;
            lines.Add(line);
            characters += line.Length;
            if (lines.Count < DocumentsInBatch && characters < CharactersInBatch)
                continue;
            yield return (first, lines);
            (first, characters) = (document, 0);
            lines = [];
        }
        if (lines.Count > 0)
            yield return (first, lines);
    }

    private DocumentBatch Encode((long First, List<string> Lines) batch)
    {
        var documents = batch.Lines.Select(DocumentLine.Read).ToList();
        if (kind == TokenKind.Sequences && documents.Find(line => line.Ids.Count != sequenceTokens) is { } ragged)
            throw new RaggedSequenceException(ragged.Path, ragged.Line, ragged.Ids.Count, sequenceTokens);
        return new DocumentBatch(batch.First, CorpusEncoder.Encode(documents, kind, encoder));
    }
}
