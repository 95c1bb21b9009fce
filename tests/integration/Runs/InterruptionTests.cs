using System.Diagnostics;
using System.Globalization;

namespace CodeParrot.Integration.Tests.Runs;

public sealed class InterruptionTests(InterruptionTests.Undisturbed undisturbed)
    : IClassFixture<InterruptionTests.Undisturbed>
{
    /// <summary>Which process is killed, and a fraction of the undisturbed run's time.</summary>
    public static TheoryData<string, double> Deaths =>
        new()
        {
            { "codeparrot", 0.15 },
            { "codeparrot", 0.5 },
            { "codeparrot", 0.8 },
            { "launch", 0.45 },
            { "launch", 0.65 },
            { "train", 0.4 },
            { "train", 0.55 },
            { "train", 0.7 },
        };

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task A_killed_process_changes_no_loss(string victim, double moment)
    {
        using var run = new RunFolder();
        using var process = Programs.Start(Programs.CodeParrot, ["run", "-f", run.Manifest, "--state", run.State]);
        var draining = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await Task.Delay(undisturbed.Duration * moment);
        var pid = victim == "codeparrot" ? process.Id : Find(run, victim);
        if (pid > 0)
        {
            Signals.Send(pid, Signals.Kill);
        }

        await Programs.EndAsync(process);
        await draining;
        var result = await run.RunAsync();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(undisturbed.Losses, run.Metric("loss/train"));
        Assert.Equal(undisturbed.EvalLosses, run.Metric("loss/eval"));
        Assert.Equal(0, Find(run, "train"));
    }

    [Fact]
    public async Task Ctrl_C_stops_after_a_checkpoint_and_the_same_command_goes_on()
    {
        using var run = new RunFolder(RunFolder.TinyManifest.Replace("maxSteps: 12", "maxSteps: 4000"));

        await InterruptAfterCheckpointAsync(run);

        var stopped = run.Metric("loss/train").Keys.Max();
        Assert.Contains(run.Checkpoints(), c => c.Contains(stopped.ToString("D9", CultureInfo.InvariantCulture)));
        Assert.Equal(0, Find(run, "train"));
    }

    [Fact]
    public async Task A_stop_waits_for_a_step_that_takes_many_seconds()
    {
        // Longer than any patience on the way: the command line's, the launcher's, codeparrot's own.
        var slow = RunFolder
            .TinyManifest.Replace("batchSize: 4,", "batchSize: 4, gradientAccumulation: 600,")
            .Replace("everySteps: 4 }", "everySteps: 1 }");
        using var run = new RunFolder(slow);

        await InterruptAfterCheckpointAsync(run);

        Assert.Contains(run.Checkpoints(), c => c.Contains("step-000000002", StringComparison.Ordinal));
    }

    // Runs codeparrot, sends Ctrl-C once there is a checkpoint, and expects it to stop on request.
    private static async Task InterruptAfterCheckpointAsync(RunFolder run)
    {
        // What a shell without job control starts in the background, perhaps these tests, is deaf to Ctrl-C, and so are
        // all its children.
        using var process = Programs.Start(
            "/usr/bin/env",
            ["--default-signal=INT", Programs.CodeParrot, "run", "-f", run.Manifest, "--state", run.State]
        );
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await WaitForAsync(() =>
            Directory.Exists(Path.Combine(run.RunPrefix, "branches")) && run.Checkpoints().Count > 0
        );

        Signals.Send(process.Id, Signals.Interrupt);
        await Programs.EndAsync(process);

        Assert.True(process.ExitCode == 75, new ProgramResult(process.ExitCode, await output, await errors).ToString());
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        var patience = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), "nothing happened for two minutes");
            await Task.Delay(100);
        }
    }

    // The command line of a rank is `trainer train …`, its first process's `trainer launch …`; both name files of the
    // state.
    private static int Find(RunFolder run, string command)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid))
            {
                continue;
            }

            try
            {
                var words = File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0');
                if (words.Any(w => w.StartsWith(run.State, StringComparison.Ordinal)) && IsTrainer(words, command))
                {
                    return pid;
                }
            }
            catch (IOException)
            {
                // The process ended while we looked.
            }
        }

        return 0;
    }

    private static bool IsTrainer(string[] words, string command)
    {
        var trainer = Array.FindIndex(
            words,
            w => w.EndsWith("trainer", StringComparison.Ordinal) || w.EndsWith("trainer.dll")
        );
        return trainer >= 0 && trainer + 1 < words.Length && words[trainer + 1] == command;
    }

    /// <summary>The tiny run.</summary>
    public sealed class Undisturbed() : UndisturbedRun(RunFolder.TinyManifest);
}
