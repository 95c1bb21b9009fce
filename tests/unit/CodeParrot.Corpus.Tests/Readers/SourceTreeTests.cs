using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Tests.Readers;

public sealed class SourceTreeTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Links_are_followed_but_never_in_a_circle()
    {
        _scratch.Write("root/a/x.py", "x");
        _scratch.Write("outside/y.py", "y");
        File.CreateSymbolicLink(_scratch["root/link.py"], _scratch["outside/y.py"]);
        Directory.CreateSymbolicLink(_scratch["root/a/up"], _scratch["root"]);
        Directory.CreateSymbolicLink(_scratch["root/a/parent"], _scratch.Path);
        Directory.CreateSymbolicLink(_scratch["root/out"], _scratch["outside"]);
        Directory.CreateSymbolicLink(_scratch["outside/back"], _scratch["root/out"]);
        Directory.CreateSymbolicLink(_scratch["root/self"], "self");

        var keys = await KeysAsync(new LocalSourceTree(_scratch["root"]));

        Assert.Contains("a/x.py", keys);
        Assert.Contains("link.py", keys);
        Assert.Single(keys, key => key.EndsWith("/y.py"));
        Assert.Equal(keys.Count, keys.Distinct().Count());
    }

    [Fact]
    public async Task A_store_is_listed_below_the_prefix_alone()
    {
        _scratch.Write("store/data/b.py", "b");
        _scratch.Write("store/data/a/c.py", "c");
        _scratch.Write("store/database/d.py", "d");
        using var store = _scratch.OpenStore();
        using var tree = new StoreSourceTree(store, "data", ownsStore: false);

        Assert.Equal(["a/c.py", "b.py"], await KeysAsync(tree));
    }

    [Fact]
    public async Task A_store_may_hold_the_source_as_one_object()
    {
        _scratch.Write("store/data/b.jsonl", "b");
        _scratch.Write("store/data/b.jsonl.gz", "c");
        using var store = _scratch.OpenStore();
        using var tree = new StoreSourceTree(store, "data/b.jsonl", ownsStore: false);

        var keys = await KeysAsync(tree);
        await using var content = await tree.OpenAsync(new SourceObject(keys[0], 1, ""));

        Assert.Equal(["b.jsonl"], keys);
        Assert.Equal('b', content.ReadByte());
    }

    [Fact]
    public async Task An_empty_prefix_is_no_source()
    {
        using var store = _scratch.OpenStore();
        using var tree = new StoreSourceTree(store, "nothing", ownsStore: false);

        await Assert.ThrowsAsync<SourceNotFoundException>(() => KeysAsync(tree));
    }

    [Theory]
    [InlineData(new[] { "a.py", "data.json" }, CorpusFormat.Files)]
    [InlineData(new[] { "a.jsonl.gz", "README.md" }, CorpusFormat.JsonLines)]
    [InlineData(new[] { "a.txt" }, CorpusFormat.Files)]
    public async Task Auto_tells_trees_of_code_from_json_lines(string[] names, object expected)
    {
        foreach (var name in names)
            _scratch.Write($"auto/{name}", "x");
        using var tree = new LocalSourceTree(_scratch["auto"]);

        var listing = await SourceListing.ReadAsync(tree, CorpusFormat.Auto, new IncludePattern("*.py"), default);

        Assert.Equal((CorpusFormat)expected, listing.Format);
    }

    private static async Task<List<string>> KeysAsync(ISourceTree tree)
    {
        var keys = new List<string>();
        await foreach (var found in tree.ListAsync())
            keys.Add(found.Key);
        return keys;
    }
}
