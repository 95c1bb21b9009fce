using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CodeParrot.Integration.Tests.Runs;

public sealed class CheckpointRequestTests
{
    // Steps of some milliseconds, and enough of them that somebody finds the time to ask within them.
    private static readonly string Manifest = RunFolder
        .TinyManifest.Replace("maxSteps: 12", "maxSteps: 1000")
        .Replace("evaluation: { everySteps: 6, maxSteps: 4 }", "evaluation: { everySteps: 0, maxSteps: 4 }")
        .Replace("checkpoints: { everySteps: 4 }", "checkpoints: { everySteps: 700 }");

    [Fact]
    public async Task A_running_run_takes_a_checkpoint_when_it_is_asked_for_and_trains_on_with_the_same_losses()
    {
        using var undisturbed = new RunFolder(Manifest);
        var expected = await undisturbed.RunAsync();
        Assert.True(expected.ExitCode == 0, expected.ToString());
        using var run = new RunFolder(Manifest);
        using var process = Programs.Start(Programs.CodeParrot, ["run", "-f", run.Manifest, "--state", run.State]);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await UntilAsync(run, r => Step(r) > 0, process);

        run.Edit(spec => spec["checkpoints"]!["requestNonce"] = "now");
        await UntilAsync(run, r => r["status"]!["checkpointRequest"] is not null, process);
        await Programs.EndAsync(process);

        Assert.True(process.ExitCode == 0, new ProgramResult(process.ExitCode, await output, await errors).ToString());
        var request = run.Resource()!["status"]!["checkpointRequest"]!;
        var named = (string)request["checkpoint"]!;
        Assert.Equal(("now", "CheckpointTaken"), ((string)request["nonce"]!, (string)request["result"]!));
        string[] onTheGrid = ["b1/step-000000700-a1", "b1/step-000001000-a1"];
        Assert.Equal(onTheGrid, undisturbed.Checkpoints());
        Assert.Equal(onTheGrid.Append(named).Distinct().Order(), run.Checkpoints());
        Assert.DoesNotContain(named, onTheGrid);
        Assert.Equal(undisturbed.Metric("loss/train"), run.Metric("loss/train"));
    }

    [Fact]
    public async Task A_request_that_a_run_is_made_with_is_served_after_its_first_step()
    {
        using var run = new RunFolder(
            RunFolder.TinyManifest.Replace("{ everySteps: 4 }", "{ everySteps: 4, requestNonce: first }")
        );

        var result = await run.RunAsync();

        Assert.True(result.ExitCode == 0, result.ToString());
        var request = run.Resource()!["status"]!["checkpointRequest"]!;
        Assert.Equal(("first", "CheckpointTaken"), ((string)request["nonce"]!, (string)request["result"]!));
        // Steps of milliseconds pass before anybody looks; a checkpoint on the grid serves a request too.
        Assert.Contains((string)request["checkpoint"]!, run.Checkpoints());
    }

    private static long Step(JsonNode run) =>
        run["status"]?["progress"] is { } progress && (string?)progress["stage"] == "train"
            ? (long)progress["step"]!
            : 0;

    private static async Task UntilAsync(RunFolder run, Func<JsonNode, bool> isSo, Process process)
    {
        var patience = Stopwatch.StartNew();
        while (run.Resource() is not { } resource || !isSo(resource))
        {
            Assert.False(process.HasExited, "the run ended before it was asked, or answered");
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(4), "nothing happened for four minutes");
            await Task.Delay(50);
        }
    }
}
