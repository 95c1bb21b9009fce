using CodeParrot.Model.Generation;
using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Model.Tests.Generation;

public class GeneratorTests
{
    private static readonly int[] _prompt = [5, 9, 60, 0, 9];

    [Fact]
    public void Logits_with_the_cache_equal_those_of_a_full_pass()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var model = TinyModel.New();
        using var cache = new KeyValueCache(model.Config, batch: 2, capacity: 20, model.TokenEmbedding_VC);
        var ids_BT = TinyModel.Batch(2, 20);
        var full_BTV = model.Logits(ids_BT);

        var worst = 0f;
        for (var (position, count) = (0, 7); position < 20; position += count, count = 1)
        {
            var piece_BT = ids_BT.narrow(1, position, count);
            using var native = TensorScope.Open();
            var pass = new Pass(torch.ScalarType.Float32, Cache: cache);
            var logits_NV = model.LogitsOf(model.Hidden(NativeTensor.Share(piece_BT), pass));
            var logits_BTV = logits_NV.View(2, count, -1).ToTensor();
            cache.Advance(count);
            worst = Math.Max(worst, (logits_BTV - full_BTV.narrow(1, position, count)).abs().max().item<float>());
        }

        Assert.InRange(worst, 0, 1e-5);
    }

    [Fact]
    public void Greedy_takes_the_likeliest_token_of_each_full_pass()
    {
        using var model = TinyModel.New();
        var ids = _prompt.Select(id => (long)id).ToList();
        for (var step = 0; step < 10; step++)
        {
            using var batch = torch.tensor(ids.ToArray(), [1, ids.Count]);
            using var logits = model.Logits(batch);
            ids.Add(TokenDistribution.Greatest(LibTorch.Span<float>(logits, (ids.Count - 1) * 61, 61)));
        }

        var result = new Generator(model).Generate(_prompt, new() { Greedy = true, MaxNewTokens = 10 });

        Assert.Equal(ids.Skip(_prompt.Length).Select(id => (int)id), result.Completions[0].Ids);
        Assert.False(result.Completions[0].IsStopped);
    }

    [Fact]
    public void A_seed_gives_the_same_tokens_whatever_the_batch()
    {
        using var model = TinyModel.New();
        var generator = new Generator(model);
        var options = new GenerationOptions
        {
            Completions = 5,
            MaxNewTokens = 12,
            Seed = 4,
        };

        var all = generator.Generate(_prompt, options).Completions;
        var inPairs = generator.Generate(_prompt, options with { BatchSize = 2 }).Completions;
        var other = generator.Generate(_prompt, options with { Seed = 5 }).Completions;

        Assert.Equal(all.Select(completion => completion.Ids), inPairs.Select(completion => completion.Ids));
        Assert.NotEqual(all[0].Ids, all[1].Ids);
        Assert.NotEqual(all[0].Ids, other[0].Ids);
    }

    [Fact]
    public void A_stop_token_ends_its_own_completion_only()
    {
        using var model = TinyModel.New();
        var generator = new Generator(model);
        var options = new GenerationOptions
        {
            Completions = 3,
            MaxNewTokens = 12,
            Seed = 4,
        };
        var free = generator.Generate(_prompt, options).Completions;
        var stop = free[1].Ids[6];

        var stopped = generator.Generate(_prompt, options with { StopIds = [stop] }).Completions;

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(free[i].Ids.TakeWhile(id => id != stop), stopped[i].Ids);
            Assert.Equal(free[i].Ids.Contains(stop), stopped[i].IsStopped);
        }
    }

    [Fact]
    public void A_completion_ends_where_its_reader_says_and_the_others_go_on_as_before()
    {
        using var model = TinyModel.New();
        var generator = new Generator(model);
        var options = new GenerationOptions
        {
            Completions = 8,
            MaxNewTokens = 16,
            Seed = 4,
        };
        var free = generator.Generate(_prompt, options).Completions;

        // Different lengths: rows leave the cache one after the other, until few are left.
        var ended = generator
            .Generate(_prompt, options with { EndsWhen = ids => ids.Count >= 2 && ids[^1] % 4 == 0 })
            .Completions;

        Assert.True(ended.Select(completion => completion.Ids.Count).Distinct().Count() > 3);
        foreach (var (whole, cut) in free.Zip(ended))
        {
            Assert.Equal(whole.Ids.Take(cut.Ids.Count), cut.Ids);
            Assert.Equal(cut.Ids.Count >= 2 && cut.Ids[^1] % 4 == 0, cut.IsStopped);
            Assert.True(cut.IsStopped || cut.Ids.Count == 16);
        }
    }

    [Fact]
    public void A_long_prompt_loses_its_beginning_and_the_result_says_so()
    {
        using var model = TinyModel.New();
        var generator = new Generator(model);
        var prompt = Enumerable.Range(0, 50).Select(i => i % 61).ToArray();
        var options = new GenerationOptions { Greedy = true, MaxNewTokens = 8 };

        var result = generator.Generate(prompt, options);

        Assert.Equal(50 - (24 - 8), result.DroppedPromptTokens);
        Assert.Equal(8, result.Completions[0].Ids.Count);
        Assert.Equal(generator.Generate(prompt[^16..], options).Completions[0].Ids, result.Completions[0].Ids);
    }

    [Fact]
    public void A_completion_longer_than_the_context_ends_with_it()
    {
        using var model = TinyModel.New();

        var result = new Generator(model).Generate(_prompt, new() { Greedy = true, MaxNewTokens = 500 });

        Assert.Equal(24 - _prompt.Length, result.Completions[0].Ids.Count);
        Assert.Equal(0, result.DroppedPromptTokens);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        using var model = TinyModel.New();
        var generator = new Generator(model);
        var wrong = new GenerationOptions
        {
            MaxNewTokens = 0,
            Temperature = 0,
            TopP = 1.5,
            TopK = -1,
        };

        Assert.Equal(
            4,
            Assert.Throws<GenerationOptionsException>(() => generator.Generate(_prompt, wrong)).Errors.Count
        );
        Assert.Throws<TokenOutOfRangeException>(() => generator.Generate([61], new()));
        Assert.Throws<ArgumentException>(() => generator.Generate([], new()));
    }

    [Fact]
    public void It_can_be_cancelled_and_leaves_no_tensor()
    {
        using var model = TinyModel.New();
        var generator = new Generator(model);
        generator.Generate(_prompt, new());
        var tensors = (torch.Tensor.TotalCount, LibTorch.LiveTensors);
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => generator.Generate(_prompt, new(), source.Token));
        generator.Generate(_prompt, new() { Completions = 3 }, CancellationToken.None);

        Assert.Equal(tensors, (torch.Tensor.TotalCount, LibTorch.LiveTensors));
    }
}
