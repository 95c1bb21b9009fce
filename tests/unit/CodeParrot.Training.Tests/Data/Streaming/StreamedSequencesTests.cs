using CodeParrot.Storage;
using CodeParrot.Training.Data.Streaming;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Data.Streaming;

public sealed class StreamedSequencesTests : IDisposable
{
    private const int Length = 16;
    private const int Count = 300;

    private readonly TestRun _run = new();
    private readonly StreamedCorpus _corpus;

    public StreamedSequencesTests() => _corpus = StreamedCorpus.Write(_run);

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(100, 3)]
    public void They_are_the_documents_of_every_epoch_joined_and_cut(int window, int threads)
    {
        using var sequences = _corpus.Open(Length, window, threads: threads);

        var read = Read(sequences, 0, Count);

        Assert.True(_corpus.Manifest.Train.Count > 2);
        // The corpus is read some times over.
        Assert.InRange(_corpus.Manifest.Train.Sum(shard => shard.ContentBytes), 1, Count * Length / 4);
        Assert.Equal(_corpus.Expected(Length, Count), read);
    }

    // Every state is the beginning of a window, inside a document mostly: a resume must meet its very token.
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Any_state_goes_on_with_the_same_tokens(int window)
    {
        var expected = _corpus.Expected(Length, Count);
        using var first = _corpus.Open(Length, window);

        for (var index = 0; index < 100; index++)
        {
            _ = Read(first, index, 1);
            var state = first.StateAt(index);
            using var resumed = _corpus.Open(Length, window, state);

            Assert.InRange(state.Window, (index / window) - 1, index / window);
            Assert.Equal(expected[index], Read(resumed, index, 1)[0]);
            // Further on, as after a rollback that leaves data out.
            Assert.Equal(expected[index + 40], Read(resumed, index + 40, 1)[0]);
        }
    }

    [Fact]
    public void What_lies_behind_can_be_read_again()
    {
        var expected = _corpus.Expected(Length, Count);
        using var sequences = _corpus.Open(Length, window: 4);

        int[] places = [200, 100, 0, 250, 249, 3];

        Assert.All(places, index => Assert.Equal(expected[index], Read(sequences, index, 1)[0]));
    }

    [Fact]
    public void Reading_ahead_is_bounded()
    {
        const int Window = 32;
        using var run = new TestRun();
        var corpus = StreamedCorpus.Write(run, documents: 2000, shardBytes: 20_000, shuffleBuffer: Window);
        using var sequences = corpus.Open(Length, Window);
        // Three windows, and what is encoded or waits to be: batches of 64 documents of at most 60 tokens.
        const int Most = (3 * Window * Length) + (6 * 64 * 60);

        for (var index = 0; index < 5 * Window; index += Window)
        {
            _ = Read(sequences, index, 1);
            AwaitRest(corpus.Encoder, index + (4 * Most));
            Assert.InRange(corpus.Encoder.Encoded - (index * Length), 1, Most);
        }

        _ = Read(sequences, 2000, 1);
        Assert.InRange(sequences.KnownPlaces, 2, 8);
    }

    [Fact]
    public void Waiting_for_a_store_ends_when_it_is_disposed()
    {
        using var store = new StandingStore(_run.Store);
        var sequences = _corpus.Open(Length, window: 4, store: store);
        Exception? error = null;
        var reading = new Thread(() => error = Record.Exception(() => Read(sequences, 0, 1)));
        reading.Start();
        store.Asked.Wait(TestContext.Current.CancellationToken);

        sequences.Dispose();
        reading.Join();

        Assert.IsType<ObjectDisposedException>(error);
    }

    [Fact]
    public void A_damaged_shard_is_named_before_a_token_of_it_is_given()
    {
        var expected = _corpus.Expected(Length, Count);
        var name = _corpus.Damage(_run);
        using var sequences = _corpus.Open(Length, window: 1);
        var given = new List<long[]>();

        var error = Assert.Throws<StoreCorruptionException>(() =>
        {
            for (var index = 0; index < Count; index++)
            {
                given.AddRange(Read(sequences, index, 1));
            }
        });

        Assert.EndsWith(name, error.Key);
        Assert.Equal(expected.Take(given.Count), given);
    }

    [Fact]
    public void Shards_of_a_store_elsewhere_leave_nothing_behind()
    {
        using var store = new StandingStore(_run.Store);
        store.Go();
        var folder = Path.Combine(_run.Folder, "stream");

        using (var sequences = _corpus.Open(Length, window: 4, store: store))
        {
            Assert.Equal(_corpus.Expected(Length, Count), Read(sequences, 0, Count));
            Assert.InRange(Directory.GetFiles(folder).Length, 1, 4);
        }

        Assert.Empty(Directory.GetFiles(folder));
    }

    // A reader that knows no bound does not come to rest.
    private static void AwaitRest(ByteEncoder encoder, long most)
    {
        var (before, still) = (-1L, 0);
        while (still < 10 && encoder.Encoded < most)
        {
            Thread.Sleep(2);
            still = encoder.Encoded == before ? still + 1 : 0;
            before = encoder.Encoded;
        }
    }

    private static long[][] Read(StreamedSequences sequences, long first, int count)
    {
        var read = new long[count][];
        for (var i = 0; i < count; i++)
        {
            read[i] = new long[Length];
            sequences.CopySequence(first + i, read[i]);
        }
        return read;
    }

    /// <summary>A store that is not on this machine, whose reads wait until they are let go.</summary>
    private sealed class StandingStore(IObjectStore store) : PassingStore(store)
    {
        private readonly SemaphoreSlim _go = new(0);

        public ManualResetEventSlim Asked { get; } = new();

        public override StoreLocation Location { get; } = StoreLocation.Parse("s3://bucket/prefix");

        public override bool HasConditionalWrites => false;

        public void Go() => _go.Release(int.MaxValue);

        public override async Task<Stream> OpenReadAsync(
            string key,
            long offset = 0,
            long? length = null,
            CancellationToken cancellationToken = default
        )
        {
            Asked.Set();
            await _go.WaitAsync(cancellationToken);
            return await base.OpenReadAsync(key, offset, length, cancellationToken);
        }

        public override void Dispose()
        {
            _go.Dispose();
            Asked.Dispose();
            base.Dispose();
        }
    }
}
