using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Corpus;
using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Readers;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Storage;
using CodeParrot.Training.Data.Streaming;
using CodeParrot.Training.Engine;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>Small documents in shards, as the stages corpus and tokenizer leave them for the order Streamed.</summary>
internal sealed class StreamedCorpus
{
    private readonly IObjectStore _store;
    private readonly string _folder;

    private StreamedCorpus(IObjectStore store, string folder, RunLineage lineage, CorpusManifest manifest)
    {
        _store = store;
        _folder = folder;
        Lineage = lineage;
        Manifest = manifest;
    }

    public RunLineage Lineage { get; }

    public CorpusManifest Manifest { get; }

    public ByteEncoder Encoder { get; } = new();

    /// <summary>Writes the corpus into the run's store, and has its spec ask for the order.</summary>
    public static StreamedCorpus Write(
        TestRun run,
        int documents = 30,
        int shardBytes = 120,
        int shuffleBuffer = 5,
        Func<int, string>? line = null
    )
    {
        run.Spec = run.Spec with
        {
            Training = run.Spec.Training with
            {
                Data = new DataSpec { Order = DataOrder.Streamed, ShuffleBuffer = shuffleBuffer },
            },
        };
        return Blocking.Run(() => WriteAsync(run.Store, run.Folder, documents, shardBytes, line));
    }

    /// <summary>Gives a rank this corpus.</summary>
    public TrainingContext Of(TrainingContext context) =>
        context with
        {
            Lineage = context.Lineage with { Corpus = Lineage.Corpus, Tokens = Lineage.Tokens },
            NewEncoder = () => Encoder,
        };

    /// <summary>Opens the sequences.</summary>
    public StreamedSequences Open(
        int length,
        int window,
        StreamState? start = null,
        long kept = 16,
        IObjectStore? store = null,
        int threads = 2
    )
    {
        var shards = Manifest.ShardsOf(CorpusSplit.Train);
        var files = new DocumentShardFiles(store ?? _store, Lineage.Corpus, Path.Combine(_folder, "stream"));
        var encoder = new ShardEncoder(Encoder, TokenKind.Documents, threads, length);
        var order = new ShardOrder(seed: 3, shards.Count);
        return new StreamedSequences(
            (cursor, stop) => new BlockReader(new DocumentStream(shards, files, encoder, order, cursor, stop), cursor),
            length,
            window,
            kept,
            start ?? StreamState.Start
        );
    }

    /// <summary>Returns what the sequences must be, found out the long way.</summary>
    public long[][] Expected(int length, int count)
    {
        var shards = Manifest.ShardsOf(CorpusSplit.Train);
        var tokens = shards.Select(shard => Blocking.Run(() => TokensAsync(shard))).ToList();
        var order = new ShardOrder(seed: 3, shards.Count);
        var row = new List<long>();
        for (var epoch = 0L; row.Count < count * length; epoch++)
        {
            for (var place = 0; place < shards.Count; place++)
            {
                row.AddRange(tokens[order.At(epoch, place)]);
            }
        }
        return [.. row.Chunk(length).Take(count)];
    }

    /// <summary>Turns a bit of a training shard.</summary>
    public string Damage(TestRun run)
    {
        var name = Manifest.ShardsOf(CorpusSplit.Train)[^1].Name;
        var path = Path.Combine(run.StoreFolder, Lineage.Corpus, name);
        var bytes = File.ReadAllBytes(path);
        bytes[^3] ^= 1;
        File.WriteAllBytes(path, bytes);
        return name;
    }

    private async Task<List<long>> TokensAsync(DocumentShardInfo shard)
    {
        var ids = new List<int>();
        var alone = Manifest with { Train = [shard], Validation = [] };
        var prefix = "alone/" + shard.Name;
        await _store.WriteJsonAsync($"{prefix}/{CorpusManifest.FileName}", alone, CorpusJson.Manifest);
        var bytes = await _store.ReadBytesAsync($"{Lineage.Corpus}/{shard.Name}");
        await _store.WriteBytesAsync($"{prefix}/{shard.Name}", bytes);
        await foreach (var document in CorpusDocuments.ReadAsync(_store, prefix, CorpusSplit.Train))
        {
            Encoder.Encode(document.Content, ids);
            ids.Add(Encoder.EndOfTextId);
        }
        return ids.ConvertAll(id => (long)id);
    }

    private static async Task<StreamedCorpus> WriteAsync(
        IObjectStore store,
        string folder,
        int documents,
        int shardBytes,
        Func<int, string>? line
    )
    {
        var source = Directory.CreateDirectory(Path.Combine(folder, "source")).FullName;
        var text = string.Concat(Enumerable.Range(0, documents).Select(line ?? Line));
        await File.WriteAllTextAsync(Path.Combine(source, "d.jsonl"), text);
        var options = new CorpusOptions
        {
            Format = line is null ? CorpusFormat.JsonLines : CorpusFormat.Tokens,
            Filters = SourceDocuments.Everything.Filters,
            ValidationFraction = 0.2,
            ShardBytes = shardBytes,
            WorkFolder = folder,
            Threads = 1,
        };
        using var tree = CorpusSource.Open(new StoreOptions { Uri = source }, TimeProvider.System);
        var corpus = await new CorpusBuilder(options, tree, store, TimeProvider.System).BuildAsync();
        var encoder = line is null ? new ByteEncoder() : (IDocumentEncoder)new ReadyMadeIds(TestRun.VocabularySize);
        var heldOut = new EncoderOptions { HeldOutOnly = true, WorkFolder = folder };
        var tokens = await CorpusEncoder.EncodeAsync(store, corpus.Prefix, encoder, heldOut);
        var lineage = new RunLineage { Corpus = corpus.Prefix, Tokens = tokens.Prefix };
        return new StreamedCorpus(store, folder, lineage, corpus.Manifest);
    }

    // No two are alike, and their lengths have nothing to do with that of a sequence.
    private static string Line(int i) =>
        $$"""{"content": "x{{i}} = {{new string((char)('a' + (i % 26)), i * 7 % 40)}}"}""" + "\n";
}
