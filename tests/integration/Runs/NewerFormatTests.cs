namespace CodeParrot.Integration.Tests.Runs;

/// <summary>A run whose newest checkpoint was written by a later version of CodeParrot.</summary>
public sealed class NewerFormatTests : IDisposable
{
    private readonly RunFolder _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task It_is_shown_as_not_usable_and_taken_for_none_of_the_others()
    {
        var trained = await _run.RunAsync("--set", "training.maxSteps=8");
        Assert.True(trained.ExitCode == 0, trained.ToString());
        var newer = Path.Combine(_run.RunPrefix, "branches", "b1", "step-000000016-a1");
        Directory.CreateDirectory(newer);
        File.WriteAllText(Path.Combine(newer, "manifest.json"), "{ \"formatVersion\": 7 }");

        var listed = await _run.CommandAsync("checkpoints");
        var promoted = await PromoteAsync("newest");
        var named = await PromoteAsync("b1/step-000000016-a1");
        var older = await PromoteAsync("b1/step-000000008-a1");

        Assert.True(listed.ExitCode == 0, listed.ToString());
        Assert.Contains("step-000000008-a1", listed.Output);
        Assert.DoesNotContain("step-000000016-a1", listed.Output);
        Assert.Contains("not usable", listed.Errors);
        Assert.Contains("step-000000016-a1/manifest.json has format version 7", listed.Errors);
        Assert.All([promoted, named], refused => Assert.Equal(2, refused.ExitCode));
        Assert.All([promoted, named], refused => Assert.Contains("upgrade", refused.Errors));
        Assert.True(older.ExitCode == 0, older.ToString());
    }

    // The trainer as an operator's short pod runs it, which is where "newest" is understood.
    private Task<ProgramResult> PromoteAsync(string checkpoint) =>
        Programs.RunAsync(
            "/usr/bin/env",
            [
                $"CODEPARROT_STORE_URI=file://{_run.Store}",
                Programs.Trainer,
                "store",
                "promote",
                "--checkpoint",
                checkpoint,
                "--spec",
                _run.Manifest,
            ],
            folder: _run.Folder
        );
}
