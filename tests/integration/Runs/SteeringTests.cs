using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CodeParrot.Integration.Tests.Runs;

/// <summary>A run on this machine, steered from another terminal.</summary>
public sealed class SteeringTests : IDisposable
{
    private const int Stopped = 75;

    private readonly RunFolder _run = new(
        RunFolder
            .TinyManifest.Replace("maxSteps: 12", "maxSteps: 100000")
            .Replace("evaluation: { everySteps: 6, maxSteps: 4 }", "evaluation: { everySteps: 0, maxSteps: 4 }")
            .Replace("checkpoints: { everySteps: 4 }", "checkpoints: { everySteps: 50000 }")
    );

    private readonly List<Process> _started = [];

    public void Dispose()
    {
        // A test that failed leaves them at work.
        foreach (var process in _started)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            process.Dispose();
        }

        _run.Dispose();
    }

    [Fact]
    public async Task Takes_a_checkpoint_stops_and_goes_on_when_another_terminal_asks()
    {
        var running = Start("run", "-f", _run.Manifest);
        var first = OutputOf(running);
        await UntilItTrainsAsync(attempt: 1, running);

        var checkpoint = await CommandAsync("checkpoint", "now");
        var folder = checkpoint[(checkpoint.IndexOf(": ", StringComparison.Ordinal) + 2)..].TrimEnd();
        Assert.StartsWith("checkpoint b1/step-", checkpoint, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "model.safetensors")), folder);
        var logs = await CommandAsync("logs");
        Assert.Contains("[rank 0] ", logs, StringComparison.Ordinal);
        Assert.Contains("[rank 1] ", logs, StringComparison.Ordinal);
        var watching = Start("watch", "tiny");
        var watched = OutputOf(watching);
        var following = Start("logs", "--follow", "--rank", "1");
        var followed = OutputOf(following);

        var suspended = await CommandAsync("suspend");

        Assert.StartsWith("run tiny is Suspended with checkpoint b1/step-", suspended, StringComparison.Ordinal);
        Assert.Equal(Stopped, await CodeOfAsync(running, first));
        Assert.Equal(Stopped, await CodeOfAsync(watching, watched));
        Assert.Contains("run tiny is suspended; codeparrot resume tiny", await watched, StringComparison.Ordinal);
        Assert.Equal(0, await CodeOfAsync(following, followed));
        Assert.DoesNotContain("[rank", await followed, StringComparison.Ordinal);
        Assert.Contains(
            "not training",
            (await _run.CommandAsync("checkpoint", "now")).Errors,
            StringComparison.Ordinal
        );

        var again = Start("resume");
        var second = OutputOf(again);
        await UntilItTrainsAsync(attempt: 2, again);
        Assert.StartsWith("run tiny is Suspended", await CommandAsync("suspend", "tiny"), StringComparison.Ordinal);
        Assert.Equal(Stopped, await CodeOfAsync(again, second));
    }

    [Fact]
    public async Task What_was_promoted_by_hand_stays_published_when_the_run_ends()
    {
        var running = Start("run", "-f", _run.Manifest);
        var output = OutputOf(running);
        await UntilItTrainsAsync(attempt: 1, running);
        await CommandAsync("checkpoint", "now");
        var first = _run.Checkpoints()[^1];

        await CommandAsync("promote", first);
        var whileDriven = Published();
        await CommandAsync("suspend");
        await CodeOfAsync(running, output);
        var second = _run.Checkpoints()[^1];
        await CommandAsync("promote", second);
        var whileStopped = Published();
        var steps = long.Parse(second.Split('-')[1]) + 2;
        var ended = await _run.RunAsync("--set", $"training.maxSteps={steps}");

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.NotEqual(first, second);
        Assert.NotEqual(second, _run.Checkpoints()[^1]);
        Assert.EndsWith($"/{first}", whileDriven, StringComparison.Ordinal);
        Assert.EndsWith($"/{second}", whileStopped, StringComparison.Ordinal);
        Assert.Equal(whileStopped, Published());
        Assert.Equal(second, (string?)_run.Resource()!["status"]!["published"]);
    }

    private string Published() =>
        (string)JsonNode.Parse(File.ReadAllText(Path.Combine(_run.Store, "refs", "main")))!["checkpoint"]!;

    private Process Start(params string[] words)
    {
        var process = Programs.Start(Programs.CodeParrot, [.. words, "--state", _run.State], _run.Folder);
        _started.Add(process);
        return process;
    }

    private async Task<string> CommandAsync(params string[] words)
    {
        var result = await _run.CommandAsync(words);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', words)}: {result}");
        return result.Output;
    }

    private static async Task<string> OutputOf(Process process)
    {
        var errors = process.StandardError.ReadToEndAsync();
        return await process.StandardOutput.ReadToEndAsync() + await errors;
    }

    private static async Task<int> CodeOfAsync(Process process, Task<string> output)
    {
        Assert.True(await Programs.EndAsync(process), await output);
        return process.ExitCode;
    }

    private async Task UntilItTrainsAsync(int attempt, Process process)
    {
        var patience = Stopwatch.StartNew();
        while (!(_run.Resource() is { } run && Trains(run, attempt)))
        {
            Assert.False(process.HasExited, $"it ended before attempt {attempt} trained");
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(4), "nothing happened for four minutes");
            await Task.Delay(50);
        }
    }

    private static bool Trains(JsonNode run, int attempt) =>
        run["status"] is { } status
        && (int?)status["attempt"] == attempt
        && (string?)status["phase"] == "Running"
        && (string?)status["progress"]?["stage"] == "train"
        && (long)status["progress"]!["step"]! > 0;
}
