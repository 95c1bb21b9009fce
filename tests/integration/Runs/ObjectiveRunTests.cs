namespace CodeParrot.Integration.Tests.Runs;

/// <summary>Runs that predict something else than the next token, from documents to an evaluated model.</summary>
public sealed class ObjectiveRunTests : IDisposable
{
    private readonly RunFolder _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("MaskedLm", "<mask>", false)]
    [InlineData("SpanCorruption", "<extra_id_3>", true)]
    public async Task A_run_trains_its_own_special_tokens_and_is_evaluated_by_its_objective(
        string objective,
        string special,
        bool generates
    )
    {
        var result = await _run.RunAsync("--set", $"training.objective={objective}");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal([6L, 12L], _run.Metric("loss/eval").Keys);
        Assert.Equal(generates, result.Output.Contains("def ", StringComparison.Ordinal));
        var folder = Path.Combine(_run.RunPrefix, "branches", _run.Checkpoints()[^1]);
        Assert.Contains($"\"{special}\"", File.ReadAllText(Path.Combine(folder, "tokenizer.json")));

        string[] generate = ["generate", "--model", folder, "--prompt", "x", "--max-new-tokens", "2"];
        var generated = await Programs.RunAsync(Programs.Trainer, generate);
        Assert.Equal(generates ? 0 : 2, generated.ExitCode);
        Assert.Equal(!generates, generated.Errors.Contains("MaskedLm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tokenizer_without_the_special_tokens_is_a_mistake_with_a_remedy()
    {
        var from = Path.Combine(Programs.Root, "tests", "parity", "reference");

        string[] fields = ["training.objective=MaskedLm", $"tokenizer={{ from: \"file://{from}\" }}"];
        var result = await _run.RunAsync([.. fields.SelectMany(field => new[] { "--set", field })]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("<mask> is missing", result.Errors + result.Output);
        Assert.Contains("CausalLm", result.Errors + result.Output);
    }
}
