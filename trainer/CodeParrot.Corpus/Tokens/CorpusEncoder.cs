using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Pipeline;
using CodeParrot.Corpus.Readers;
using CodeParrot.Storage;

namespace CodeParrot.Corpus.Tokens;

/// <summary>
/// Turns the documents of a corpus into token shards below it, each followed by the end-of-text id; ready-made ids are
/// checked and kept as they are. The same corpus and tokenizer make the same shards, which are made once.
/// </summary>
public static class CorpusEncoder
{
    private const int ShardVersion = 1;
    private const int DocumentsInBatch = 64;
    private const int CharactersInBatch = 512 * 1024;

    /// <summary>Encodes both splits of a corpus, or what is held out of it, or finds them encoded.</summary>
    /// <param name="store">Where the corpus is, and where the shards go.</param>
    /// <param name="corpusPrefix">The corpus's prefix.</param>
    /// <param name="encoder">The tokenizer; <see cref="ReadyMadeIds"/> will do for ready-made ids.</param>
    /// <param name="options">Threads and sizes.</param>
    /// <param name="progress">Told of every batch.</param>
    /// <param name="cancellationToken">Stops the work; what is stored by then is written again the next time.</param>
    /// <exception cref="IdOutOfVocabularyException">A ready-made id is not in the vocabulary.</exception>
    /// <exception cref="StoreException">The corpus is missing or damaged, or the store failed.</exception>
    public static async Task<TokensResult> EncodeAsync(
        IObjectStore store,
        string corpusPrefix,
        IDocumentEncoder encoder,
        EncoderOptions? options = null,
        IProgress<CorpusProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new EncoderOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, "options.Threads");
        var corpus = await CorpusDocuments.ReadManifestAsync(store, corpusPrefix, cancellationToken);
        var kind = corpus.Inputs.Format == CorpusFormat.Tokens ? TokenKind.Sequences : TokenKind.Documents;
        var prefix = $"{corpusPrefix}/tokens-{HashOf(corpus, encoder, options)}";
        var manifestKey = $"{prefix}/{TokenManifest.FileName}";
        if (await store.FindAsync(manifestKey, cancellationToken) is not null)
        {
            var found = await store.ReadJsonAsync<TokenManifest>(manifestKey, CorpusJson.Manifest, cancellationToken);
            return new TokensResult(prefix, WasBuilt: false, found);
        }
        using var writer = new TokenCorpusWriter(
            store,
            prefix,
            new TokenCorpusOptions
            {
                VocabularySize = encoder.VocabularySize,
                Kind = kind,
                EndOfTextId = kind == TokenKind.Documents ? encoder.EndOfTextId : -1,
                SpecialTokens = encoder.SpecialTokens,
                ShardTokens = options.ShardTokens,
                TokenizerDigest = encoder.Digest,
                CorpusHash = corpus.Hash,
                HeldOutOnly = options.HeldOutOnly,
                WorkFolder = options.WorkFolder,
            }
        );
        var encoded = new CorpusProgress("encode", 0, 0, 0);
        foreach (
            var split in Enum.GetValues<CorpusSplit>()
                .Where(split => !options.HeldOutOnly || split == CorpusSplit.Validation)
        )
        {
            var batches = ReadBatchesAsync(store, corpusPrefix, split, cancellationToken);
            var results = OrderedParallel.RunAsync(
                batches,
                (batch, _) => Task.FromResult(Encode(batch, kind, encoder)),
                options.Threads,
                cancellationToken
            );
            await foreach (var result in results)
            {
                foreach (var ids in result)
                    await writer.AddAsync(split, ids, cancellationToken);
                encoded = encoded with
                {
                    Documents = encoded.Documents + result.Count,
                    Kept = encoded.Kept + result.Sum(ids => (long)ids.Length),
                };
                progress?.Report(encoded);
            }
        }
        return new TokensResult(prefix, WasBuilt: true, await writer.CompleteAsync(cancellationToken));
    }

    private static string HashOf(CorpusManifest corpus, IDocumentEncoder encoder, EncoderOptions options)
    {
        var inputs =
            $"{ShardVersion}\n{corpus.Hash}\n{encoder.Digest}\n{encoder.VocabularySize}\n{encoder.EndOfTextId}\n"
            + options.ShardTokens
            + (options.HeldOutOnly ? "\nheld out only" : "");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(inputs)))[..16];
    }

    private static async IAsyncEnumerable<List<Document>> ReadBatchesAsync(
        IObjectStore store,
        string corpusPrefix,
        CorpusSplit split,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var batch = new List<Document>();
        var characters = 0;
        await foreach (var document in CorpusDocuments.ReadAsync(store, corpusPrefix, split, cancellationToken))
        {
            batch.Add(document);
            characters += document.Content.Length + document.Ids.Count;
            if (batch.Count < DocumentsInBatch && characters < CharactersInBatch)
                continue;
            yield return batch;
            batch = [];
            characters = 0;
        }
        if (batch.Count > 0)
            yield return batch;
    }

    /// <summary>Returns the ids of documents, checked where they are ready-made.</summary>
    internal static List<int[]> Encode(List<Document> batch, TokenKind kind, IDocumentEncoder encoder)
    {
        var encoded = new List<int[]>(batch.Count);
        var ids = new List<int>();
        foreach (var document in batch)
        {
            if (kind == TokenKind.Sequences)
            {
                encoded.Add(Check(document, encoder.VocabularySize));
                continue;
            }
            ids.Clear();
            encoder.Encode(document.Content, ids);
            ids.Add(encoder.EndOfTextId);
            encoded.Add([.. ids]);
        }
        return encoded;
    }

    private static int[] Check(Document document, int vocabularySize)
    {
        foreach (var id in document.Ids)
        {
            if (id >= vocabularySize)
                throw new IdOutOfVocabularyException(document.Path, document.Line, id, vocabularySize);
        }
        return [.. document.Ids];
    }
}
