using CodeParrot.Model.Generation;

namespace CodeParrot.Parity.Tests.Model;

public class GreedyParityTests
{
    [Fact]
    public void Greedy_continuations_equal_those_of_transformers()
    {
        using var model = Reference.Model();
        using var json = Reference.Json("logits.json");
        var generator = new Generator(model);

        var compared = 0;
        foreach (var entry in json.RootElement.GetProperty("greedy").EnumerateArray())
        {
            var prompt = Reference.Ids(entry.GetProperty("ids")).Select(id => (int)id).ToArray();
            var maxNewTokens = entry.GetProperty("max_new_tokens").GetInt32();
            var options = new GenerationOptions
            {
                Greedy = true,
                MaxNewTokens = maxNewTokens,
                StopIds = [0],
            };
            var result = generator.Generate(prompt, options);

            var actual = prompt.Concat(result.Completions[0].Ids).Select(id => (long)id);
            Assert.Equal(Reference.Ids(entry.GetProperty("output_ids")), actual);
            compared++;
        }

        Assert.Equal(5, compared);
    }
}
