using System.Text.Json;

namespace CodeParrot.Integration.Tests.Runs;

public sealed class EndToEndTests : IDisposable
{
    private readonly RunFolder _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Two_ranks_go_from_documents_to_a_published_model()
    {
        var result = await _run.RunAsync();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), _run.Metric("loss/train").Keys);
        Assert.All(_run.Metric("loss/train").Values, loss => Assert.InRange(loss, 1, 7));
        Assert.Equal([6L, 12L], _run.Metric("perplexity").Keys);
        AssertNames("lr", "samples", "tokens", "tokens_per_second", "grad_norm");
        AssertPublished();
        Assert.Contains("perplexity", result.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(".png", result.Output);
    }

    [Fact]
    public async Task A_finished_run_says_so_and_trains_nothing_again()
    {
        await FinishAsync();
        var before = _run.Metric("loss/train");

        var again = await _run.RunAsync();

        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal(before, _run.Metric("loss/train"));
        Assert.Contains("is done", again.Output);
    }

    [Fact]
    public async Task A_rollback_trains_on_from_an_earlier_checkpoint_on_a_new_branch()
    {
        await FinishAsync();
        var before = _run.Checkpoints();

        var asked = await _run.CommandAsync("rollback", "--to-step", "4");
        var result = await _run.RunAsync();

        Assert.True(asked.ExitCode == 0, asked.ToString());
        Assert.True(result.ExitCode == 0, result.ToString());
        var after = _run.Checkpoints();
        Assert.Empty(before.Except(after));
        Assert.Contains(after.Except(before), c => c.Contains("/step-000000012-"));
        Assert.Single(after.Except(before).Select(c => c.Split('/')[0]).Distinct());
    }

    [Fact]
    public async Task A_rollback_to_the_last_step_publishes_it_again()
    {
        await FinishAsync();

        await _run.CommandAsync("rollback", "--to-step", "12");
        var result = await _run.RunAsync();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("b1/step-000000012-a1", result.Output);
    }

    [Fact]
    public async Task A_state_folder_with_odd_letters_holds_the_store_too()
    {
        var state = _run.At("my süße #1 100%");

        var result = await Programs.RunAsync(
            Programs.CodeParrot,
            ["run", "-f", _run.Manifest, "--state", state, "--set", "training.maxSteps=2"],
            folder: _run.Folder
        );

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.True(File.Exists(Path.Combine(state, "store", "refs", "main")));
        Assert.Contains($"model folder: {state}/store/", result.Output);
    }

    [Fact]
    public async Task A_run_whose_resource_is_gone_begins_anew_when_it_may_adopt_its_store()
    {
        await FinishAsync();
        File.Delete(Path.Combine(_run.State, "runs", "default", RunFolder.Run, "run.json"));

        var refused = await _run.RunAsync();
        var adopted = await _run.RunAsync("--set", "metadata.annotations={codeparrot.dev/adopt-store: \"true\"}");

        Assert.True(refused.ExitCode == 2, refused.ToString());
        Assert.Contains("adopt-store", refused.Errors + refused.Output);
        Assert.True(adopted.ExitCode == 0, adopted.ToString());
    }

    [Fact]
    public async Task A_vocabulary_larger_than_the_tokenizer_s_is_never_drawn_from()
    {
        var run = await _run.RunAsync("--set", "model.vocabularySize=2000", "--set", "training.maxSteps=2");

        var generated = await _run.CommandAsync(
            "generate",
            "--prompt",
            "def ",
            "--temperature",
            "9",
            "--top-p",
            "1",
            "--completions",
            "8"
        );

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.True(generated.ExitCode == 0, generated.ToString());
    }

    [Fact]
    public async Task Commands_show_what_is_there()
    {
        await FinishAsync();

        var get = await _run.CommandAsync("get", "-o", "json");
        var checkpoints = await _run.CommandAsync("checkpoints");
        var logs = await _run.CommandAsync("logs", "--rank", "1");
        var generated = await _run.CommandAsync("generate", "--prompt", "def ", "--max-new-tokens", "8");

        Assert.Contains("Succeeded", get.Output);
        Assert.Contains("step-000000012", checkpoints.Output);
        Assert.NotEmpty(logs.Output);
        Assert.True(generated.ExitCode == 0, generated.ToString());
        Assert.Contains("def ", generated.Output);
    }

    [Fact]
    public async Task Promote_lets_main_name_another_checkpoint()
    {
        await FinishAsync();

        var promoted = await _run.CommandAsync("promote", "b1/step-000000008-a1");
        var missing = await _run.CommandAsync("promote", "b1/step-000000009-a1");

        Assert.True(promoted.ExitCode == 0, promoted.ToString());
        Assert.Contains("step-000000008-a1", File.ReadAllText(Path.Combine(_run.Store, "refs", "main")));
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("step-000000008-a1", missing.Errors);
    }

    [Fact]
    public async Task A_changed_identity_of_an_existing_run_is_refused_with_the_field()
    {
        await FinishAsync();

        var result = await _run.RunAsync("--set", "model.width=64");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("spec.model", result.Errors);
        Assert.Equal(12, _run.Metric("loss/train").Count);
    }

    private async Task FinishAsync()
    {
        var result = await _run.RunAsync();
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    private void AssertNames(params string[] names) =>
        Assert.All(names, name => Assert.Equal(12, _run.Metric(name).Count));

    private void AssertPublished()
    {
        using var main = JsonDocument.Parse(File.ReadAllText(Path.Combine(_run.Store, "refs", "main")));
        var folder = Path.Combine(_run.Store, main.RootElement.GetProperty("checkpoint").GetString()!);
        string[] files =
        [
            "config.json",
            "generation_config.json",
            "model.safetensors",
            "optimizer.safetensors",
            "state.json",
            "manifest.json",
            "tokenizer.json",
            "vocab.json",
            "merges.txt",
            "tokenizer_config.json",
            "special_tokens_map.json",
        ];
        Assert.Empty(files.Where(f => !File.Exists(Path.Combine(folder, f))));
        Assert.True(File.Exists(Path.Combine(_run.RunPrefix, "report.html")));
        Assert.NotEmpty(Directory.GetFiles(_run.RunPrefix, "events.out.tfevents.*"));
    }
}
