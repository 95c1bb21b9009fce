using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;

namespace CodeParrot.Integration.Tests.Operator.Kubelet;

/// <summary>What trainers do, told by their pods.</summary>
internal static class Trainers
{
    /// <summary>A checkpoint is made every so many steps.</summary>
    public const int EverySteps = 100;

    /// <summary>Steps of a run.</summary>
    public const int MaxSteps = 300;

    /// <summary>Code of a trainer that stopped on request.</summary>
    public const int Stopped = (int)ExitCode.Stopped;

    /// <summary>A pod of any stage or task that works and ends well.</summary>
    public static async Task WorkAsync(WrittenPod pod)
    {
        await pod.StartAsync();
        if (pod.Stage == StageNames.Train)
        {
            await TrainAsync(pod, MaxSteps);
            await pod.EndAsync(0, new TerminationMessage { Step = MaxSteps, Checkpoints = Checkpoints(pod, MaxSteps) });
            return;
        }

        await pod.EndAsync(0, new TerminationMessage { Outputs = Outputs(pod) });
    }

    /// <summary>A rank that trains up to a step and goes on from there for ever, until it is stopped.</summary>
    public static Func<WrittenPod, Task> TrainUpTo(long step) =>
        async pod =>
        {
            await pod.StartAsync();
            if (pod.Stage == StageNames.Train)
            {
                await TrainAsync(pod, step);
                await Task.Delay(Timeout.InfiniteTimeSpan, pod.Playing);
            }

            await pod.EndAsync(0, new TerminationMessage { Outputs = Outputs(pod) });
        };

    /// <summary>A rank that trains up to a step, keeps no checkpoint but that one, and goes on for ever.</summary>
    public static Func<WrittenPod, Task> KeepTheLastOf(long step) =>
        async pod =>
        {
            await pod.StartAsync();
            await TrainAsync(pod, step);
            if (pod.PodIndex == 0)
            {
                await pod.TellAsync(Progress(pod, step) with { Stored = [Key(Checkpoint(pod, step))] });
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, pod.Playing);
        };

    /// <summary>A pod that works without a look at what the operator knows, and may be done before it looks.</summary>
    public static async Task HurryAsync(WrittenPod pod)
    {
        await pod.StartAsync();
        await pod.Gang.Complete.WaitAsync(pod.Playing);
        await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(200)), pod.Playing);
        var trains = pod.Stage == StageNames.Train;
        await pod.EndAsync(
            0,
            new TerminationMessage
            {
                Step = trains ? MaxSteps : 0,
                Checkpoints = trains ? Checkpoints(pod, MaxSteps) : [],
                Outputs = Outputs(pod),
            }
        );
    }

    /// <summary>Makes steps until a number is reached; every hundredth leaves a checkpoint.</summary>
    public static async Task TrainAsync(WrittenPod pod, long upTo)
    {
        await pod.Gang.Complete.WaitAsync(pod.Playing);
        if (pod.PodIndex != 0)
        {
            await pod.Gang.Done.WaitAsync(pod.Playing);
            return;
        }

        for (var step = StartOf(pod) + EverySteps; step <= upTo; step += EverySteps)
        {
            await pod.TellAsync(Progress(pod, step));
            // Real steps take longer than a pass of the operator; each of these is to be seen.
            var name = Checkpoint(pod, step).Name;
            await pod.KnownAsync(s => s.Phase == RunPhase.Running && s.Checkpoints.Any(c => c.Name == name));
        }

        pod.Gang.Finish();
    }

    /// <summary>What rank 0 answers at a step.</summary>
    public static RunProgress Progress(WrittenPod pod, long step) =>
        new()
        {
            RunUid = pod.RunUid,
            Attempt = pod.Attempt,
            Stage = StageNames.Train,
            Step = step,
            MaxSteps = MaxSteps,
            Tokens = step * 1024,
            Loss = 4 - step / 1000.0,
            TokensPerSecond = 1000,
            EtaSeconds = 60,
            Checkpoint = step >= EverySteps ? Checkpoint(pod, step) : null,
            Ranks = [new RankProgress(0, "Training", step, step > 0 ? 0.1 : 0, DateTimeOffset.UtcNow)],
            UpdatedAt = DateTimeOffset.UtcNow,
        };

    /// <summary>The checkpoint that a pod's attempt makes at a step.</summary>
    public static CheckpointSummary Checkpoint(WrittenPod pod, long step) =>
        new(
            StorePaths.CheckpointName(step, pod.Attempt),
            pod.Environment[EnvironmentNames.Branch],
            step,
            4 - step / 1000.0,
            null,
            1 << 20,
            $"{pod.Attempt:D32}{step:D32}",
            // Seconds are enough for a status, and older ones come first in it.
            DateTimeOffset.UnixEpoch.AddYears(50).AddDays(pod.Attempt).AddSeconds(step)
        );

    private static IReadOnlyList<CheckpointSummary> Checkpoints(WrittenPod pod, long upTo)
    {
        var from = StartOf(pod);
        return from >= upTo
            ? []
            :
            [
                .. Enumerable
                    .Range(1, (int)((upTo - from) / EverySteps))
                    .Select(i => Checkpoint(pod, from + i * EverySteps))
                    .Reverse(),
            ];
    }

    // A branch that begins at a checkpoint begins after its step; a new attempt makes its own steps anew, which costs
    // nothing here.
    private static long StartOf(WrittenPod pod) =>
        pod.Environment.GetValueOrDefault(EnvironmentNames.StartFrom) is { Length: > 0 } from
            ? long.Parse(from.Split("step-")[1].Split('-')[0])
            : 0;

    private static Dictionary<string, string> Outputs(WrittenPod pod) =>
        pod.Stage switch
        {
            StageNames.Corpus => new() { ["corpus"] = "corpora/abc" },
            StageNames.Tokenizer => new() { ["tokenizer"] = "tokenizers/abc" },
            StageNames.Evaluate => new() { ["perplexity"] = "12.5" },
            StageNames.Publish => new() { ["published"] = Key(Checkpoint(pod, MaxSteps)) },
            "promote" => new() { ["published"] = pod.Arguments[Index(pod.Arguments, "--checkpoint") + 1] },
            _ => [],
        };

    private static string Key(CheckpointSummary checkpoint) => $"{checkpoint.Branch}/{checkpoint.Name}";

    private static int Index(IReadOnlyList<string> words, string word) => words.ToList().IndexOf(word);
}
