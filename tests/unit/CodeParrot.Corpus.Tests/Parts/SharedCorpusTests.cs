using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Tests.Parts;

public sealed class SharedCorpusTests : IDisposable
{
    private readonly SharedCorpus _shared = new();

    public void Dispose() => _shared.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(30)]
    public async Task Any_number_of_workers_makes_the_bytes_that_one_makes(int workers)
    {
        _shared.WithTree();
        var alone = await _shared.AloneAsync();

        var corpus = await _shared.TogetherAsync(workers);

        Assert.Equal(alone, await _shared.DigestsAsync());
        Assert.Empty(corpus.Notices);
        Assert.Empty(_shared.WorkFolders());
        // Else the test would compare corpora in which nothing happened.
        var counts = corpus.Manifest.Counts;
        DropReason[] fates = [DropReason.NulBytes, DropReason.TooLarge, DropReason.Benchmark, DropReason.Duplicate];
        Assert.Equal([.. fates.Order(), DropReason.NearDuplicate], counts.Dropped.Keys.Order());
        Assert.Equal(4, counts.Secrets!.Documents);
        Assert.True(corpus.Manifest.Train.Count > 1 && corpus.ValidationDocuments > 1);
    }

    [Fact]
    public async Task Each_worker_makes_its_share_once()
    {
        _shared.WithTree();

        var second = await _shared.HelpAsync(1, 3);
        var again = await _shared.HelpAsync(1, 3);
        var third = await _shared.HelpAsync(2, 3);

        Assert.Equal((4, 0, 3), (second.Parts, again.Parts, third.Parts));
        Assert.True(second.WasNeeded);
        Assert.Equal(SharedCorpus.PieceCount, 4 + 4 + 3);
    }

    [Theory]
    [InlineData("jsonl", CorpusFormat.JsonLines)]
    [InlineData("jsonl.gz", CorpusFormat.JsonLines)]
    [InlineData("csv", CorpusFormat.Csv)]
    [InlineData("txt", CorpusFormat.Text)]
    [InlineData("ids.jsonl", CorpusFormat.Tokens)]
    public async Task Objects_of_lines_rows_and_ids_are_shared_too(string ending, CorpusFormat format)
    {
        for (var i = 0; i < 9; i++)
            _shared.WithFile($"{i}.{ending}", Contents(format, ending, i));
        _shared.Options = _shared.Options with { Format = format, PieceBytes = 1 };
        if (format == CorpusFormat.Tokens)
            _shared.Options = _shared.Options with { NearDuplicates = null, Secrets = default };
        var alone = await _shared.AloneAsync();

        var corpus = await _shared.TogetherAsync(3);

        Assert.Equal(alone, await _shared.DigestsAsync());
        Assert.True(corpus.Documents >= 9);
        Assert.Equal(format is CorpusFormat.Text ? 0 : 9, corpus.Manifest.Counts.Bad);
    }

    [Fact]
    public async Task Workers_see_no_duplicates_where_none_are_looked_for()
    {
        _shared.WithTree();
        _shared.Options = _shared.Options with { NearDuplicates = null, DeduplicateExact = false };
        var alone = await _shared.AloneAsync();

        var corpus = await _shared.TogetherAsync(2);

        Assert.Equal(alone, await _shared.DigestsAsync());
        Assert.DoesNotContain(DropReason.Duplicate, corpus.Manifest.Counts.Dropped.Keys);
    }

    [Fact]
    public async Task A_small_source_is_built_by_the_first_worker_alone()
    {
        _shared.WithFile("a.py", "x = 1").WithFile("b.py", "x = 2");
        var written = new List<string>();
        var store = new HookedStore(
            _shared.Store,
            key =>
            {
                written.Add(key);
                return Task.CompletedTask;
            }
        );

        var help = await _shared.HelpAsync(1, 2, store);
        var corpus = await _shared.BuildAsync(_shared.Options with { WorkerCount = 2 }, store);

        Assert.False(help.WasNeeded);
        Assert.Equal(2, corpus.Documents);
        Assert.DoesNotContain(written, key => key.Contains("/parts/"));
    }

    [Fact]
    public async Task A_worker_that_comes_late_finds_the_corpus()
    {
        _shared.WithTree();
        await _shared.TogetherAsync(2);
        var before = await _shared.DigestsAsync();

        var late = await _shared.HelpAsync(1, 2);

        Assert.Equal((false, 0), (late.WasNeeded, late.Parts));
        Assert.Equal(before, await _shared.DigestsAsync());
    }

    [Fact]
    public async Task A_worker_that_is_overtaken_takes_its_parts_away()
    {
        _shared.WithTree();
        var alone = await _shared.AloneAsync();
        var store = new HookedStore(
            _shared.Store,
            async key =>
            {
                // The first worker has lost patience, and is done before this one stores its first part.
                if (key.EndsWith(".index") && !File.Exists(_shared.StorePath(alone.Keys.First())))
                    await _shared.BuildAsync(_shared.Options with { WorkerCount = 1 });
            }
        );

        await _shared.HelpAsync(1, 2, store);

        Assert.Equal(alone, await _shared.DigestsAsync());
    }

    [Fact]
    public async Task A_corpus_of_one_worker_leaves_no_parts_of_several()
    {
        _shared.WithTree();
        var alone = await _shared.AloneAsync();
        await _shared.HelpAsync(1, 2);

        await _shared.BuildAsync();

        Assert.Equal(alone, await _shared.DigestsAsync());
    }

    [Fact]
    public async Task Progress_tells_of_all_workers_and_of_whom_is_waited_for()
    {
        _shared.WithTree();
        await _shared.HelpAsync(1, 3);
        var told = new Reports();

        await _shared.BuildAsync(
            _shared.Options with
            {
                WorkerCount = 3,
            },
            time: new InstantTime(advances: true),
            progress: told
        );

        Assert.Contains("wait for 3 of 11 parts, of workers 2", told.Phases);
        Assert.Equal(44, told.All.Max(one => one.Documents));
        Assert.Contains("write", told.Phases);
    }

    [Fact]
    public async Task Too_much_that_is_bad_ends_the_build_and_a_higher_limit_goes_on_with_its_parts()
    {
        for (var i = 0; i < 6; i++)
            _shared.WithFile($"{i}.jsonl", CorpusScenario.Line($"text {i} of some words") + "nonsense\n");
        _shared.Options = _shared.Options with { PieceBytes = 1, MaxBadDocuments = 4 };
        await _shared.HelpAsync(1, 2);

        var fault = await Assert.ThrowsAsync<TooManyBadDocumentsException>(() =>
            _shared.BuildAsync(_shared.Options with { WorkerCount = 2 })
        );
        _shared.Options = _shared.Options with { MaxBadDocuments = 6 };
        var again = await _shared.HelpAsync(1, 2);
        var corpus = await _shared.BuildAsync(_shared.Options with { WorkerCount = 2 });

        Assert.Contains("0.jsonl, line 2", fault.Message);
        Assert.Equal(0, again.Parts);
        Assert.Equal(Enumerable.Range(0, 6).Select(i => $"{i}.jsonl"), corpus.Manifest.Bad.Select(bad => bad.File));
    }

    [Fact]
    public async Task Nothing_kept_is_told_as_one_worker_tells_it()
    {
        _shared.WithTree();
        _shared.Options = _shared.Options with { Filters = CorpusScenario.Lenient with { MinBytes = 100_000 } };
        var alone = await Assert.ThrowsAsync<NoDocumentsException>(_shared.AloneAsync);

        var together = await Assert.ThrowsAsync<NoDocumentsException>(() => _shared.TogetherAsync(3));

        Assert.Equal(alone.Message, together.Message);
    }

    [Fact]
    public void Mistakes_in_the_workers_are_named()
    {
        var none = _shared.Options with { WorkerCount = 0, PieceBytes = 0 };
        var beyond = _shared.Options with { WorkerCount = 2, WorkerIndex = 2 };

        Assert.Equal(
            ["pieceBytes: must be at least 1, was 0", "workerCount: must be at least 1, was 0"],
            none.Validate()
        );
        Assert.Equal(["workerIndex: must be from 0 to 1, was 2"], beyond.Validate());
    }

    private static byte[] Contents(CorpusFormat format, string ending, int number)
    {
        // The second text is the one of the object before.
        string[] texts = [SharedCorpus.TextOf(number), SharedCorpus.TextOf(Math.Max(0, number - 1)), $"own {number}"];
        var text = format switch
        {
            CorpusFormat.Text => texts[0],
            CorpusFormat.Tokens => $"{{\"ids\": [{number}, 2]}}\n{{\"ids\": [3]}}\n{{\"ids\": 7}}\n",
            CorpusFormat.Csv => "content,path\n"
                + string.Concat(texts.Select(one => $"\"{one.Replace("\"", "\"\"")}\",a.py\n"))
                + "one\n",
            _ => string.Concat(texts.Select(one => CorpusScenario.Line(one))) + "nonsense\n",
        };
        return ending.EndsWith("gz") ? CorpusScenario.Gzip(text) : System.Text.Encoding.UTF8.GetBytes(text);
    }

    private sealed class Reports : IProgress<CorpusProgress>
    {
        public List<CorpusProgress> All { get; } = [];

        public IEnumerable<string> Phases => All.Select(one => one.Phase);

        public void Report(CorpusProgress value) => All.Add(value);
    }
}
