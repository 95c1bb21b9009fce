using CodeParrot.Storage;

namespace CodeParrot.Corpus.Tests.Parts;

public sealed class SharedCorpusFaultTests : IDisposable
{
    private readonly SharedCorpus _shared = new();

    public SharedCorpusFaultTests() => _shared.WithTree();

    public void Dispose() => _shared.Dispose();

    // Each write and each deletion of a worker is a moment to be killed at; what comes before is what the store has.
    [Fact]
    public async Task A_helper_that_is_killed_at_any_moment_makes_only_what_is_missing()
    {
        var share = (await _shared.HelpAsync(1, 2)).Parts;
        var changes = 0;
        for (var isKilled = true; isKilled; changes += 2)
        {
            await RemoveAllAsync();
            var killed = await KilledAsync(changes, store => _shared.HelpAsync(1, 2, store));
            isKilled = killed.IsKilled;

            var rest = await _shared.HelpAsync(1, 2);

            Assert.Equal(share - killed.Published, rest.Parts);
        }

        // Three objects a part, and a sign of life.
        Assert.InRange(changes, 3 * share, (3 * share) + 5);
    }

    [Fact]
    public async Task The_first_worker_may_be_killed_at_any_moment()
    {
        var alone = await _shared.AloneAsync();
        var options = _shared.Options with { WorkerCount = 2 };
        var changes = 0;
        for (var isKilled = true; isKilled; changes += 7)
        {
            await RemoveAllAsync();
            await _shared.HelpAsync(1, 2);
            var killed = await KilledAsync(changes, store => _shared.BuildAsync(options, store));
            isKilled = killed.IsKilled;

            var help = await _shared.HelpAsync(1, 2);
            var corpus = await _shared.BuildAsync(options);

            Assert.Equal(alone, await _shared.DigestsAsync());
            Assert.Empty(corpus.Notices);
            Assert.Equal(0, help.Parts);
        }

        Assert.True(changes > 50);
    }

    [Fact]
    public async Task Parts_of_eight_workers_serve_three()
    {
        var alone = await _shared.AloneAsync();
        for (var worker = 1; worker < 8; worker++)
            await _shared.HelpAsync(worker, 8);

        var parts = new[] { await _shared.HelpAsync(1, 3), await _shared.HelpAsync(2, 3) }.Select(one => one.Parts);
        var corpus = await _shared.BuildAsync(_shared.Options with { WorkerCount = 3 });

        // Of pieces 0 and 8 of the first of eight, 8 is now the third's.
        Assert.Equal([0, 1], parts);
        Assert.Equal(alone, await _shared.DigestsAsync());
        Assert.Empty(corpus.Notices);
    }

    [Fact]
    public async Task The_parts_of_silent_workers_are_made_by_the_first()
    {
        var alone = await _shared.AloneAsync();
        await _shared.HelpAsync(2, 3);

        var corpus = await _shared.BuildAsync(
            _shared.Options with
            {
                WorkerCount = 3,
            },
            time: new InstantTime(advances: true)
        );

        Assert.Equal(alone, await _shared.DigestsAsync());
        Assert.Equal("made 4 of 11 parts for workers that gave no sign of life: 1", Assert.Single(corpus.Notices));
    }

    [Theory]
    [InlineData(".index", 1)]
    [InlineData(".zst", 1)]
    [InlineData(".index", -1)]
    [InlineData(".zst", -1)]
    public async Task A_damaged_part_is_made_again(string kind, int change)
    {
        var alone = await _shared.AloneAsync();
        await _shared.HelpAsync(1, 2);
        var file = Directory
            .GetFiles(_shared.Root + "/../store", $"00003-*{kind}", SearchOption.AllDirectories)
            .Single();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, change > 0 ? bytes : bytes[..^3]);

        var corpus = await _shared.BuildAsync(
            _shared.Options with
            {
                WorkerCount = 2,
            },
            time: new InstantTime(advances: true)
        );

        Assert.Equal(alone, await _shared.DigestsAsync());
        Assert.Contains(
            change > 0 ? "made part 3 again, which was damaged" : "made 1 of 11 parts for workers",
            Assert.Single(corpus.Notices)
        );
    }

    [Theory]
    [InlineData("\"sourceDigest\": \"", "\"sourceDigest\": \"0")]
    [InlineData("\"corpus\": \"", "\"corpus\": \"0")]
    [InlineData("\"format\": 1", "\"format\": 2")]
    [InlineData("\"createdBy\": \"CodeParrot ", "\"createdBy\": \"CodeParrot 9")]
    [InlineData("\"piece\": 3", "\"piece\": 5")]
    [InlineData("{", "torn")]
    public async Task A_part_of_something_else_is_not_taken(string ours, string theirs)
    {
        var alone = await _shared.AloneAsync();
        await _shared.HelpAsync(1, 2);
        var path = Directory.GetFiles(_shared.Root + "/../store", "00003.json", SearchOption.AllDirectories).Single();
        var text = await File.ReadAllTextAsync(path);
        Assert.Contains(ours, text);
        // What is taken would show: this one says that it dropped more.
        text = text.Replace(ours, theirs).Replace("\"read\": 4", "\"read\": 5");
        await File.WriteAllTextAsync(path, text);

        var help = await _shared.HelpAsync(1, 2);
        await _shared.BuildAsync(_shared.Options with { WorkerCount = 2 });

        Assert.Equal(1, help.Parts);
        Assert.Equal(alone, await _shared.DigestsAsync());
    }

    [Fact]
    public async Task Pieces_of_another_size_are_other_parts()
    {
        var alone = await _shared.AloneAsync();
        await _shared.HelpAsync(1, 2);
        _shared.Options = _shared.Options with { PieceBytes = 9000 };

        var help = await _shared.HelpAsync(1, 2);
        await _shared.BuildAsync(_shared.Options with { WorkerCount = 2 });

        Assert.Equal(3, help.Parts);
        Assert.Equal(alone, await _shared.DigestsAsync());
    }

    [Fact]
    public async Task Parts_of_a_source_that_has_changed_are_not_taken()
    {
        await _shared.HelpAsync(1, 2);
        _shared.WithFile("005.py", "changed = 1\n");
        var alone = await _shared.AloneAsync();

        var help = await _shared.HelpAsync(1, 2);
        await _shared.BuildAsync(_shared.Options with { WorkerCount = 2 });

        Assert.Equal(5, help.Parts);
        var digests = await _shared.DigestsAsync();
        Assert.All(alone, one => Assert.Equal(one.Value, digests[one.Key]));
    }

    // A folder is looked into when the walk comes to it: the second file changes behind the walk of the first worker.
    [Theory]
    [InlineData(0, "z/last.py")]
    [InlineData(0, "043.py")]
    [InlineData(1, "z/last.py")]
    public async Task A_source_that_changes_while_it_is_read_makes_no_corpus(int worker, string file)
    {
        _shared.WithFile("z/last.py", "x = 1\n");
        await _shared.HelpAsync(1, 2);
        var store = new HookedStore(
            _shared.Store,
            key =>
            {
                if (key.EndsWith(".json"))
                    _shared.WithFile(file, "changed = 1\n");
                return Task.CompletedTask;
            }
        );

        if (worker == 1)
            await RemoveAllAsync();
        Task Work() =>
            worker == 0
                ? _shared.BuildAsync(_shared.Options with { WorkerCount = 2 }, store)
                : _shared.HelpAsync(1, 2, store);

        await Assert.ThrowsAsync<SourceChangedException>(Work);
        Assert.DoesNotContain((await _shared.DigestsAsync()).Keys, key => key.EndsWith("corpus.json"));
    }

    [Fact]
    public async Task A_part_that_does_not_come_out_the_same_again_says_that_the_source_changed()
    {
        await _shared.HelpAsync(1, 2);
        var file = Directory.GetFiles(_shared.Root + "/../store", "00003-*.zst", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(file, new byte[new FileInfo(file).Length]);
        // As long and as old as before.
        for (var i = 0; i < 44; i++)
            _shared.WithFile($"{i:D3}.py", SharedCorpus.TextOf(i).Replace("name", "nome"));

        await Assert.ThrowsAsync<SourceChangedException>(() =>
            _shared.BuildAsync(_shared.Options with { WorkerCount = 2 })
        );
    }

    private async Task<(bool IsKilled, int Published)> KilledAsync<T>(int changes, Func<IObjectStore, Task<T>> work)
    {
        var before = await CountPartsAsync();
        var left = changes;
        var store = new HookedStore(
            _shared.Store,
            _ => left-- > 0 ? Task.CompletedTask : throw new OperationCanceledException("killed")
        );
        try
        {
            await work(store);
            return (false, await CountPartsAsync() - before);
        }
        catch (OperationCanceledException)
        {
            return (true, await CountPartsAsync() - before);
        }
    }

    private async Task<int> CountPartsAsync() =>
        (await _shared.DigestsAsync()).Keys.Count(key =>
            key.Contains("/parts/0", StringComparison.Ordinal) && key.EndsWith(".json", StringComparison.Ordinal)
        );

    private async Task RemoveAllAsync()
    {
        await _shared.Store.DeleteAsync([.. (await _shared.DigestsAsync()).Keys]);
    }
}
