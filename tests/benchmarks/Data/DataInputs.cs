using CodeParrot.Contract.Store;
using CodeParrot.Corpus;
using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Readers;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Storage;
using CodeParrot.Tokenizer;

namespace CodeParrot.Benchmarks.Data;

/// <summary>A corpus and a tokenizer in a folder that is gone afterwards; no token shards.</summary>
internal sealed class DataInputs : IDisposable
{
    private const int VocabularySize = 32768;

    private DataInputs(string folder, IObjectStore store, CorpusResult corpus, BpeTokenizer tokenizer)
    {
        Folder = folder;
        Store = store;
        Corpus = corpus.Manifest;
        Lineage = new RunLineage { Corpus = corpus.Prefix };
        Encoder = new TrainedEncoder(tokenizer);
    }

    public string Folder { get; }

    public IObjectStore Store { get; }

    public CorpusManifest Corpus { get; }

    public RunLineage Lineage { get; }

    public IDocumentEncoder Encoder { get; }

    public static async Task<DataInputs> MakeAsync(string source)
    {
        var folder = Directory.CreateTempSubdirectory("codeparrot-data-").FullName;
        var store = ObjectStores.Open(new StoreOptions { Uri = Path.Combine(folder, "store") }, TimeProvider.System);
        using var tree = CorpusSource.Open(new StoreOptions { Uri = source }, TimeProvider.System);
        var options = new CorpusOptions { WorkFolder = folder, ShardBytes = 32 << 20 };
        var corpus = await new CorpusBuilder(options, tree, store, TimeProvider.System).BuildAsync();
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = VocabularySize });
        await foreach (var document in CorpusDocuments.ReadAsync(store, corpus.Prefix, CorpusSplit.Train))
            trainer.Add(document.Content);
        return new DataInputs(folder, store, corpus, trainer.Train());
    }

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private sealed class TrainedEncoder(BpeTokenizer tokenizer) : IDocumentEncoder
    {
        public int VocabularySize => tokenizer.VocabularySize;

        public int EndOfTextId => tokenizer.EndOfTextId;

        public string Digest => tokenizer.Digest;

        public void Encode(string document, List<int> ids) =>
            tokenizer.Encode(document, ids, SpecialTokenHandling.AsText);
    }
}
