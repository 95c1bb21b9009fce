using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Worlds;

/// <summary>
/// A cluster of values: carries plans out, lets pods end as it is told, and checks what must always hold.
/// </summary>
internal sealed class World(TrainingRun run, Planner planner)
{
    private readonly Invariants _invariants = new();
    private int _pods;
    private int _version = 1;

    public World(params string[] overrides)
        : this(Runs.Small(overrides), new Planner()) { }

    public TrainingRun Run { get; private set; } = run;

    public List<PodObservation> Pods { get; } = [];

    public RunProgress? Progress { get; set; }

    public DateTimeOffset Now { get; private set; } = Runs.Start;

    public List<Plan> History { get; } = [];

    public RunStatus Status => Run.Status;

    public IEnumerable<PodObservation> Living => Pods.Where(p => p.IsLiving);

    public Observed Observe() =>
        new()
        {
            Run = Run,
            Pods = [.. Pods],
            Progress = Progress,
            Now = Now,
            Version = _version,
        };

    /// <summary>One pass; with an older observation, or cut off after some actions, as a crash would.</summary>
    public Plan Step(Observed? seen = null, int actions = int.MaxValue)
    {
        var observed = seen ?? Observe();
        var plan = planner.Plan(observed);
        Invariants.CheckPlan(observed, plan, planner.Plan(observed));
        History.Add(plan);
        foreach (var action in plan.Actions.Take(actions))
        {
            if (!Carry(action, observed))
            {
                break;
            }

            _invariants.Check(this);
        }

        return plan;
    }

    /// <summary>Passes until there is nothing to do but wait.</summary>
    public World Settle()
    {
        for (var i = 0; i < 100; i++)
        {
            if (Step().Actions.Count == 0)
            {
                return this;
            }
        }

        throw new InvariantException("a hundred passes and still something to do: " + History[^1]);
    }

    public World Advance(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    /// <summary>Ends pods by a part of their name.</summary>
    public World End(string name, int exitCode, TerminationMessage? message = null, string reason = "")
    {
        for (var i = 0; i < Pods.Count; i++)
        {
            if (Pods[i].IsLiving && Pods[i].Name.Contains(name, StringComparison.Ordinal))
            {
                _invariants.PodEnded(exitCode);
                Pods[i] = Pods[i] with
                {
                    Phase = exitCode == 0 ? PodPhase.Succeeded : PodPhase.Failed,
                    ExitCode = exitCode,
                    Message = message,
                    Reason = reason,
                    FinishedAt = Now,
                };
            }
        }

        return this;
    }

    /// <summary>Ends the current stage's pods well, and lets the planner go on.</summary>
    public World Succeed(string stage, TerminationMessage? message = null) => End($"-{stage}-", 0, message).Settle();

    /// <summary>Takes a run to its train stage with living ranks.</summary>
    public World ToTraining() => Settle().Succeed("corpus").Succeed("tokenizer");

    public World Vanish(string name)
    {
        Pods.FindAll(p => p.Name.Contains(name, StringComparison.Ordinal))
            .ForEach(p => _invariants.PodVanished(p.Name));
        Pods.RemoveAll(p => p.Name.Contains(name, StringComparison.Ordinal));
        return this;
    }

    public World Edit(Func<RunSpec, RunSpec> edit)
    {
        Run = Run with
        {
            Spec = edit(Run.Spec),
            Metadata = Run.Metadata with
            {
                Generation = Run.Metadata.Generation + 1,
                ResourceVersion = $"{++_version}",
            },
        };
        return this;
    }

    public World Report(long step, CheckpointSummary? checkpoint = null)
    {
        Progress = new RunProgress
        {
            RunUid = Runs.Uid,
            Attempt = Status.Attempt,
            Stage = Status.Stage,
            Step = step,
            MaxSteps = 100,
            Checkpoint = checkpoint,
        };
        return this;
    }

    public bool Carry(PlanAction action, Observed observed) =>
        action switch
        {
            SetStatus a => Write(a.Status, observed.Run.Metadata.ResourceVersion),
            CreatePod a => Create(a.Pod),
            DeletePod a => Delete(a),
            _ => true,
        };

    private bool Write(RunStatus status, string resourceVersion)
    {
        if (resourceVersion != Run.Metadata.ResourceVersion)
        {
            return false;
        }

        _invariants.CheckWrite(this, status);
        Run = Run with { Status = status, Metadata = Run.Metadata with { ResourceVersion = $"{++_version}" } };
        return true;
    }

    private bool Create(PodSpec pod)
    {
        if (Pods.Exists(p => p.Name == pod.Name))
        {
            return false;
        }

        _invariants.CheckCreate(this, pod);
        Pods.Add(
            new PodObservation
            {
                Name = pod.Name,
                Uid = $"pod-{++_pods}",
                RunUid = pod.RunUid,
                Stage = pod.Stage,
                Attempt = pod.Attempt,
                PodIndex = pod.PodIndex,
                Phase = PodPhase.Running,
            }
        );
        return true;
    }

    private bool Delete(DeletePod deletion)
    {
        var index = Pods.FindIndex(p => p.Name == deletion.Name && p.Uid == deletion.Uid);
        if (index < 0)
        {
            return false;
        }

        if (Pods[index].IsLiving)
        {
            Invariants.CheckStop(this, Pods[index]);
            Pods[index] = Pods[index] with { Deleting = true };
        }
        else
        {
            Pods.RemoveAt(index);
        }

        return true;
    }
}
