using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Tests;

public sealed class NearDuplicateCorpusTests : IDisposable
{
    private readonly CorpusScenario _scenario = new();

    public NearDuplicateCorpusTests() =>
        _scenario.Options = _scenario.Options with { NearDuplicates = new NearDuplicateOptions() };

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public async Task The_first_of_a_group_is_kept_and_the_rest_is_counted()
    {
        _scenario
            .WithFile("a.py", Text(1))
            .WithFile("b.py", Text(2))
            .WithFile("c.py", Text(1) + "\n# edited\n")
            .WithFile("d.py", Text(1).Replace("name_1_0 ", "renamed "))
            .WithFile("e.py", "x = 1")
            .WithFile("f.py", "x = 1  # 2");

        var corpus = await _scenario.BuildAsync();
        var card = await File.ReadAllTextAsync(_scenario.StorePath($"{corpus.Prefix}/README.md"));

        var documents = await _scenario.ReadAsync(corpus);
        Assert.Equal(["a.py", "b.py", "e.py", "f.py"], documents.Select(document => document.Path));
        Assert.Equal(Text(2), documents[1].Content);
        Assert.Equal((6, 4), (corpus.Manifest.Counts.Read, corpus.Manifest.Counts.Kept));
        Assert.Equal(2, Assert.Single(corpus.Manifest.Counts.Dropped, d => d.Key == DropReason.NearDuplicate).Value);
        Assert.Equal((1, 3, 2), Summary(corpus.Manifest.Counts.NearDuplicates!));
        Assert.Contains("| dropped: NearDuplicate | 2 |", card);
        Assert.Contains("from 0.85 on): the first of each group kept, 1 groups", card);
    }

    [Fact]
    public async Task No_held_out_document_is_a_near_copy_of_one_to_train_on()
    {
        for (var i = 0; i < 120; i++)
            _scenario.WithFile($"{i:D3}.py", Text(i / 4) + $"\n# copy {i % 4}\n");
        var half = _scenario.Options with { ValidationFraction = 0.5 };

        var plain = await _scenario.BuildAsync(half with { NearDuplicates = null });
        var near = await _scenario.BuildAsync(half);

        Assert.NotEmpty(await SharedTextsAsync(plain));
        Assert.Empty(await SharedTextsAsync(near));
        Assert.Equal(30, near.Documents);
        Assert.InRange(near.ValidationDocuments, 5, 25);
    }

    [Fact]
    public async Task The_shards_do_not_depend_on_the_number_of_threads()
    {
        using var other = new CorpusScenario();
        for (var i = 0; i < 150; i++)
        {
            var text = Text(i % 50) + $"\nversion_{i} = {i}\n";
            _scenario.WithFile($"{i % 7}/{i}.py", text);
            other.WithFile($"{i % 7}/{i}.py", text);
        }
        var options = _scenario.Options with { ValidationFraction = 0.1, ShardBytes = 20_000 };

        var one = await _scenario.BuildAsync(options with { Threads = 1 });
        var four = await other.BuildAsync(options with { Threads = 4 });

        Assert.Equal(one.Prefix, four.Prefix);
        Assert.True(one.Manifest.Train.Count > 2);
        Assert.Equal(one.Manifest.Train, four.Manifest.Train);
        Assert.Equal(one.Manifest.Validation, four.Manifest.Validation);
        Assert.Equal(50, four.Documents);
    }

    [Fact]
    public async Task Other_options_make_another_name()
    {
        _scenario.WithFile("a.py", Text(1));
        var near = _scenario.Options.NearDuplicates!;

        var prefixes = new List<string>();
        foreach (var other in new[] { null, near, near with { Similarity = 0.7 }, near with { Permutations = 128 } })
            prefixes.Add((await _scenario.BuildAsync(_scenario.Options with { NearDuplicates = other })).Prefix);
        var manifest = await File.ReadAllTextAsync(_scenario.StorePath($"{prefixes[0]}/corpus.json"));

        Assert.Equal(4, prefixes.Distinct().Count());
        // A corpus that was built before there were near duplicates keeps its name.
        Assert.DoesNotContain("near", manifest, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Ready_made_ids_and_the_work_folder_are_left_as_they_were()
    {
        _scenario.WithFile("a.jsonl", string.Concat(Enumerable.Repeat("{\"ids\": [1, 2, 3]}\n", 20)));
        var options = _scenario.Options with { Format = CorpusFormat.Tokens };

        var corpus = await _scenario.BuildAsync(options);

        Assert.Equal(20, corpus.Documents);
        Assert.Null(corpus.Manifest.Counts.NearDuplicates);
        Assert.Empty(_scenario.WorkFolders());
    }

    [Fact]
    public void Mistakes_in_the_options_are_named()
    {
        var near = new NearDuplicateOptions { Similarity = double.NaN, Permutations = 0 };

        var mistakes = (_scenario.Options with { NearDuplicates = near }).Validate();

        Assert.Equal(
            [
                "deduplicate.near.similarity: must be above 0 and at most 1, was NaN",
                "deduplicate.near.permutations: must be between 1 and 4096, was 0",
            ],
            mistakes
        );
    }

    private static (long Groups, long Largest, long Dropped) Summary(NearDuplicateCounts counts) =>
        (counts.Groups, counts.Largest, counts.Dropped);

    private async Task<IEnumerable<string>> SharedTextsAsync(CorpusResult corpus)
    {
        var train = await _scenario.ContentsAsync(corpus);
        var validation = await _scenario.ContentsAsync(corpus, CorpusSplit.Validation);
        return train.Select(FirstLine).Intersect(validation.Select(FirstLine));
    }

    private static string FirstLine(string text) => text.Split('\n')[0];

    // 60 names that no other text has.
    private static string Text(int number) =>
        string.Concat(Enumerable.Range(0, 60).Select(i => $"name_{number}_{i} = value_{number}_{i}\n"));
}
