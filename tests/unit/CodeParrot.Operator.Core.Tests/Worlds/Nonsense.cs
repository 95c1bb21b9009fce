using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Core.Tests.Worlds;

/// <summary>Observations whose parts were drawn without a thought to each other.</summary>
internal static class Nonsense
{
    private static readonly string[] Stages = ["", "corpus", "tokenizer", "train", "evaluate", "publish", "unknown"];

    public static Observed Of(int[] draws)
    {
        var next = 0;
        int Draw(int below) => draws[next++ % draws.Length] % below;
        var run = Runs.Small($"workers.count={1 + Draw(3)}");
        var attempt = Draw(4);
        return new Observed
        {
            Run = run with
            {
                Spec = run.Spec with
                {
                    Suspend = Draw(4) == 0,
                    Checkpoints = new CheckpointsSpec { RequestNonce = Draw(2) == 0 ? "now" : "" },
                    Rollback = Draw(4) == 0 ? new RollbackSpec { ToStep = Draw(3) * 10 } : null,
                    Training = run.Spec.Training with { BatchSize = Draw(10) == 0 ? 0 : 8 },
                },
                Status = new RunStatus
                {
                    Phase = (RunPhase)Draw(9),
                    Attempt = attempt,
                    Stage = Stages[Draw(Stages.Length)],
                    Restarts = Draw(5),
                    Budget = new BudgetStatus { Counted = Draw(5), Free = Draw(102) },
                    NextAttemptAt = Draw(3) == 0 ? Runs.Start.AddSeconds(Draw(20)) : null,
                    Gang = new GangStatus
                    {
                        Pods = Draw(4),
                        RanksPerPod = Draw(3),
                        Created = Draw(2) == 0,
                    },
                    Checkpoints = [.. Enumerable.Range(0, Draw(4)).Select(i => Runs.Checkpoint(i * 10))],
                    Attempts =
                        Draw(3) == 0
                            ? []
                            : [new AttemptStatus { Number = attempt, EndedAt = Draw(2) == 0 ? Runs.Start : null }],
                    Stages = Stages.Where(_ => Draw(3) == 0).ToDictionary(s => s, _ => new StageStatus()),
                },
            },
            Pods = [.. Enumerable.Range(0, Draw(5)).Select(i => Pod(i, Draw))],
            Progress =
                Draw(2) == 0
                    ? null
                    : new RunProgress
                    {
                        RunUid = Runs.Uid,
                        Attempt = Draw(3),
                        Stage = Stages[Draw(7)],
                        ServedRequest = Draw(2) == 0 ? new ServedRequest("now", "b1/c1") : null,
                        EtaSeconds = Draw(2) == 0 ? double.NaN : 1e30,
                    },
            Now = Runs.Start.AddSeconds(Draw(40)),
        };
    }

    private static PodObservation Pod(int i, Func<int, int> draw) =>
        new()
        {
            Name = $"small-{Stages[draw(7)]}-a{draw(4)}-{i}",
            Uid = $"pod-{i}",
            RunUid = draw(5) == 0 ? "another" : Runs.Uid,
            Stage = Stages[draw(7)],
            Attempt = draw(4),
            PodIndex = draw(3),
            Phase = (PodPhase)draw(4),
            Deleting = draw(3) == 0,
            ExitCode = draw(3) == 0 ? null : draw(200),
            FinishedAt = draw(3) == 0 ? null : Runs.Start.AddSeconds(draw(30)),
            Message = draw(2) == 0 ? null : new TerminationMessage { Checkpoints = [Runs.Checkpoint(draw(50))] },
        };
}
