using CodeParrot.Model;
using CodeParrot.Model.Generation;
using CodeParrot.Tokenizer;

namespace CodeParrot.Evaluation.Tests;

public sealed class CompletionsTests : IDisposable
{
    private static readonly GenerationOptions _options = new()
    {
        MaxNewTokens = 12,
        Completions = 2,
        Seed = 5,
    };
    private readonly BpeTokenizer _tokenizer = BpeTokenizer.Load(ReferenceFolder.Path);
    private readonly Gpt2 _model = TinyModel.New(vocabulary: 640, context: 64);

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData("return a + b\n\n# next", "return a + b\n")]
    [InlineData("return a\ndef g():\n    pass\nif", "return a")]
    [InlineData("x = 'é→'\n    y", "x = 'é→'\n    y")]
    [InlineData("pass<|endoftext|>import os", "pass")]
    public void Ends_with_the_first_block_or_the_document(string written, string expected)
    {
        const string Prompt = "def f(a, b):\n    ";
        var script = _tokenizer.Encode(written);
        using var model = ScriptedModel.Writing(script, _tokenizer.Encode(Prompt).Count, _tokenizer.VocabularySize);

        var completions = new Completions(model, _tokenizer).Complete(
            [Prompt],
            new() { Greedy = true, MaxNewTokens = script.Count }
        );

        Assert.Equal(Prompt, completions[0].Prompt);
        Assert.Equal(expected, Assert.Single(completions[0].Texts));
    }

    [Fact]
    public void Gives_as_many_texts_a_prompt_as_asked_for()
    {
        var completions = new Completions(_model, _tokenizer).Complete(DefaultPrompts.Python, _options);

        Assert.Equal(DefaultPrompts.Python, completions.Select(completion => completion.Prompt));
        Assert.Equal(4, completions.Count);
        Assert.All(completions, completion => Assert.Equal(2, completion.Texts.Count));
    }

    [Fact]
    public void Repeats_with_the_same_seed_only()
    {
        var completions = new Completions(_model, _tokenizer);

        var first = completions.Complete(["def f("], _options)[0].Texts;

        Assert.Equal(first, completions.Complete(["def f("], _options)[0].Texts);
        Assert.NotEqual(first, completions.Complete(["def f("], _options with { Seed = 6 })[0].Texts);
    }

    [Fact]
    public void Completes_a_prompt_alike_in_any_company()
    {
        var completions = new Completions(_model, _tokenizer);

        var alone = completions.Complete(["for i in"], _options)[0].Texts;
        var among = completions.Complete(["import os", "for i in"], _options)[1].Texts;

        Assert.Equal(alone, among);
    }

    [Fact]
    public void Begins_a_document_where_the_prompt_is_empty()
    {
        var completions = new Completions(_model, _tokenizer);

        var empty = completions.Complete([""], _options)[0].Texts;

        Assert.Equal(completions.Complete([BpeTokenizer.EndOfText], _options)[0].Texts, empty);
    }

    [Fact]
    public void Never_draws_ids_of_a_padded_vocabulary()
    {
        var script = new List<int> { _tokenizer.Encode("x")[0], 640, _tokenizer.Encode("y")[0] };
        using var padded = ScriptedModel.Writing(script, promptTokens: 1, vocabulary: 704);
        var options = new GenerationOptions { Greedy = true, MaxNewTokens = 3 };

        var text = new Completions(padded, _tokenizer).Complete(["("], options)[0].Texts[0];
        var prompt = _tokenizer.Encode("(");
        var free = new Generator(padded).Generate(prompt, options).Completions[0].Ids;
        var bound = new Generator(padded).Generate(prompt, options with { VocabularySize = 640 }).Completions[0].Ids;

        Assert.StartsWith("x", text);
        Assert.Contains(640, free);
        Assert.All(bound, id => Assert.InRange(id, 0, 639));
    }

    [Fact]
    public void Refuses_a_tokenizer_of_another_model()
    {
        using var small = TinyModel.New(vocabulary: 639);

        var error = Assert.Throws<VocabularyMismatchException>(() => new Completions(small, _tokenizer));

        Assert.Equal((640, 639), (error.TokenizerSize, error.ModelSize));
    }
}
