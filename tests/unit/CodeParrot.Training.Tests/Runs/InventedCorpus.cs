using CodeParrot.Corpus;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Storage;
using CodeParrot.Training.Engine;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>A corpus whose tokens count up from 0, so that a batch tells where it comes from.</summary>
internal sealed class InventedCorpus : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-feed-").FullName;
    private readonly TokenCorpus _corpus;

    private InventedCorpus(int sequences, int time)
    {
        _corpus = Blocking.Run(() => WriteAsync(_folder, sequences, time));
    }

    public TokenSplit Train => _corpus.Train;

    public static InventedCorpus New(int sequences, int time) => new(sequences, time);

    public void Dispose()
    {
        _corpus.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<TokenCorpus> WriteAsync(string folder, int sequences, int time)
    {
        var place = new StoreOptions { Uri = Path.Combine(folder, "store") };
        using var store = ObjectStores.Open(place, TimeProvider.System);
        var options = new TokenCorpusOptions
        {
            VocabularySize = sequences * time,
            Kind = TokenKind.Sequences,
            WorkFolder = folder,
        };
        using var writer = new TokenCorpusWriter(store, "tokens", options);
        for (var sequence = 0; sequence < sequences; sequence++)
        {
            await writer.AddAsync(CorpusSplit.Train, Enumerable.Range(sequence * time, time).ToArray());
        }
        await writer.CompleteAsync();
        var cache = Path.Combine(folder, "cache");
        return TokenCorpus.Open(await TokenCorpusCache.FetchAsync(store, "tokens", cache, CancellationToken.None));
    }
}
