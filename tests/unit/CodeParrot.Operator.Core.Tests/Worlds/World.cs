using CodeParrot.Api.Names;
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
    private const double TaintPatience = 10;

    private readonly Invariants _invariants = new();
    private readonly HashSet<string> _hung = [];
    private int _pods;
    private int _observations;
    private int _version = 1;

    public World(params string[] overrides)
        : this(Runs.Small(overrides), new Planner()) { }

    public TrainingRun Run { get; private set; } = run;

    public List<PodObservation> Pods { get; } = [];

    public RunProgress? Progress { get; set; }

    public DateTimeOffset Now { get; private set; } = Runs.Start;

    public List<Plan> History { get; } = [];

    /// <summary>What there is besides pods.</summary>
    public Surroundings Around { get; } = new();

    /// <summary>Nodes whose kubelet will not be heard of again.</summary>
    public HashSet<string> LostNodes { get; } = [];

    /// <summary>False leaves new pods without a node.</summary>
    public bool HasRoom { get; set; } = true;

    /// <summary>True once the run's resource does not exist any more.</summary>
    public bool Gone { get; private set; }

    /// <summary>Phases that followed each other.</summary>
    public HashSet<(RunPhase From, RunPhase To)> Transitions { get; } = [];

    public RunStatus Status => Run.Status;

    public IEnumerable<PodObservation> Living => Pods.Where(p => p.IsLiving);

    public IEnumerable<RecordEvent> Events => History.SelectMany(p => p.Actions).OfType<RecordEvent>();

    public Observed Observe()
    {
        var observed = new Observed
        {
            Run = Run,
            Pods = [.. Pods],
            Progress = Progress,
            Now = Now,
            Nonce = $"n{++_observations}",
            NamespaceTerminating = Around.NamespaceTerminating,
            Version = _version,
        };
        return observed with
        {
            Nodes = NodeQuestions
                .Of(observed)
                .ToDictionary(n => n, n => LostNodes.Contains(n) ? NodeState.Unreachable : NodeState.Ready),
        };
    }

    /// <summary>One pass; with an older observation, or cut off after some actions, as a crash would.</summary>
    public Plan Step(Observed? seen = null, int actions = int.MaxValue)
    {
        var observed = seen ?? Observe();
        var plan = planner.Plan(observed);
        // Planning twice is dear, and a plan that depends on more than its observation is found soon enough.
        Invariants.CheckPlan(observed, plan, History.Count % 16 == 0 ? planner.Plan(observed) : plan);
        History.Add(plan);
        foreach (var action in plan.Actions.Take(actions))
        {
            if (Gone || !Carry(action, observed))
            {
                break;
            }

            _invariants.Check(this);
        }

        if (seen is null)
        {
            // A kubelet says how a pod ended, and then lets go of one that is being deleted.
            foreach (
                var pod in Pods.FindAll(p => p is { Deleting: true, IsLiving: false } && observed.Pods.Contains(p))
            )
            {
                _invariants.PodVanished(pod.Name);
                Pods.Remove(pod);
            }
        }

        return plan;
    }

    /// <summary>Passes until there is nothing to do but wait.</summary>
    public World Settle()
    {
        for (var i = 0; i < 100; i++)
        {
            if (Gone || Step().Actions.Count == 0)
            {
                return this;
            }
        }

        throw new InvariantException("a hundred passes and still something to do: " + History[^1]);
    }

    public World Advance(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        // The cluster itself asks pods of a node that does not answer to go, and nobody there hears it.
        return seconds < TaintPatience
            ? this
            : Change(
                "",
                p =>
                    p is { IsLiving: true, Deleting: false } && LostNodes.Contains(p.Node)
                        ? p with
                        {
                            Deleting = true,
                            DeletionDueAt = Now,
                        }
                        : p
            );
    }

    /// <summary>Ends pods by a part of their name, unless they hang or their node is lost.</summary>
    public World End(
        string name,
        int exitCode,
        TerminationMessage? message = null,
        string reason = "",
        string disruption = ""
    )
    {
        foreach (var pod in Find(name).Where(p => p.IsLiving && !IsStuck(p)))
        {
            _invariants.PodEnded(
                exitCode,
                isFree: (disruption.Length > 0 && reason != "Evicted") || (pod.Deleting && exitCode != 44)
            );
            Around.PodEnded(pod, exitCode);
            Replace(
                pod,
                pod with
                {
                    Phase = exitCode == 0 ? PodPhase.Succeeded : PodPhase.Failed,
                    ExitCode = exitCode,
                    Message = message,
                    Reason = reason,
                    Disruption = disruption,
                    FinishedAt = Now,
                }
            );
        }

        return this;
    }

    /// <summary>Ends the current stage's pods well, and lets the planner go on.</summary>
    public World Succeed(string stage, TerminationMessage? message = null) => End($"-{stage}-", 0, message).Settle();

    /// <summary>Takes a run to its train stage with living ranks.</summary>
    public World ToTraining() => Settle().Succeed("corpus").Succeed("tokenizer");

    public World Vanish(string name)
    {
        foreach (var pod in Find(name))
        {
            _invariants.PodVanished(pod.Name);
            Pods.Remove(pod);
        }

        return this;
    }

    /// <summary>Lets pods run and do nothing, until they are deleted.</summary>
    public World Hang(string name)
    {
        _hung.UnionWith(Find(name).Select(p => p.Uid));
        return this;
    }

    /// <summary>Changes pods by a part of their name.</summary>
    public World Change(string name, Func<PodObservation, PodObservation> change)
    {
        Find(name).ForEach(p => Replace(p, change(p)));
        return this;
    }

    /// <summary>Gives pods without a node one, and starts them.</summary>
    public World MakeRoom()
    {
        HasRoom = true;
        return Change("", p => p.Phase == PodPhase.Pending ? Placed(p) : p);
    }

    public World Edit(Func<RunSpec, RunSpec> edit) =>
        Touch(r =>
            r with
            {
                Spec = edit(r.Spec),
                Metadata = r.Metadata with { Generation = r.Metadata.Generation + 1 },
            }
        );

    public World Annotate(string name, string value) =>
        Touch(r =>
            r with
            {
                Metadata = r.Metadata with { Annotations = new Dictionary<string, string> { [name] = value } },
            }
        );

    /// <summary>Asks for the run's deletion, in the background.</summary>
    public World Delete()
    {
        Gone = Run.Metadata.Finalizers.Count == 0;
        return Touch(r =>
            r with
            {
                Metadata = r.Metadata with { DeletionTimestamp = r.Metadata.DeletionTimestamp ?? Now },
            }
        );
    }

    public World Report(long step, CheckpointSummary? checkpoint = null, params RankProgress[] ranks)
    {
        Progress = new RunProgress
        {
            RunUid = Runs.Uid,
            Attempt = Status.Attempt,
            Stage = Status.Stage,
            Step = step,
            MaxSteps = 100,
            Checkpoint = checkpoint,
            Ranks = ranks,
        };
        return this;
    }

    /// <summary>Asks for a checkpoint.</summary>
    public World Ask(string nonce) => Edit(s => s with { Checkpoints = s.Checkpoints with { RequestNonce = nonce } });

    /// <summary>Lets the newest progress tell of a checkpoint that was asked for.</summary>
    public World Serve(string nonce, string checkpoint)
    {
        Progress = Progress! with { ServedRequest = new ServedRequest(nonce, checkpoint) };
        return this;
    }

    public bool Carry(PlanAction action, Observed observed) =>
        action switch
        {
            SetStatus a => IsCurrent(observed) && Write(a.Status),
            SetFinalizer a => IsCurrent(observed) && Finalize(a.Present, observed),
            CreatePod a => Create(a.Pod),
            DeletePod a => Delete(a),
            DeleteRun => Delete() is not null,
            _ => Around.Carry(action, this),
        };

    private bool IsCurrent(Observed observed) => observed.Run.Metadata.ResourceVersion == Run.Metadata.ResourceVersion;

    private World Touch(Func<TrainingRun, TrainingRun> change)
    {
        var next = change(Run);
        Run = next with { Metadata = next.Metadata with { ResourceVersion = $"{++_version}" } };
        return this;
    }

    private bool Write(RunStatus status)
    {
        _invariants.CheckWrite(this, status);
        if (status.Phase != Status.Phase)
        {
            Transitions.Add((Status.Phase, status.Phase));
        }

        Touch(r => r with { Status = status });
        return true;
    }

    private bool Finalize(bool present, Observed observed)
    {
        Invariants.CheckFinalizer(this, present, observed);
        IReadOnlyList<string> finalizers = present ? [FinalizerNames.Artifacts] : [];
        Touch(r => r with { Metadata = r.Metadata with { Finalizers = finalizers } });
        Gone = Run.Metadata.DeletionTimestamp is not null && !present;
        return true;
    }

    private bool Create(PodSpec pod)
    {
        if (Pods.Exists(p => p.Name == pod.Name))
        {
            return false;
        }

        _invariants.CheckCreate(this, pod);
        Around.PodMade(pod);
        var made = new PodObservation
        {
            Name = pod.Name,
            Uid = $"pod-{++_pods}",
            RunUid = pod.RunUid,
            Stage = pod.Stage,
            Attempt = pod.Attempt,
            PodIndex = pod.PodIndex,
            CreatedAt = Now,
        };
        Pods.Add(HasRoom ? Placed(made) : made);
        return true;
    }

    private bool Delete(DeletePod deletion)
    {
        var pod = Pods.Find(p => p.Name == deletion.Name && p.Uid == deletion.Uid);
        if (pod is null)
        {
            return false;
        }

        if (deletion.Force)
        {
            _invariants.CheckForce(this, pod);
        }

        if (deletion.Force || !pod.IsLiving)
        {
            Pods.Remove(pod);
            return true;
        }

        Invariants.CheckStop(this, pod);
        if (!pod.Scheduled)
        {
            // No kubelet has it: it is gone at once.
            return Pods.Remove(pod);
        }

        Replace(pod, pod with { Deleting = true, DeletionDueAt = Now + deletion.Grace });
        return true;
    }

    // No scheduler gives a pod a node that does not answer.
    private PodObservation Placed(PodObservation pod) =>
        pod with
        {
            Phase = PodPhase.Running,
            Scheduled = true,
            Node = Enumerable.Range(0, 1000).Select(i => $"node-{pod.PodIndex}-{i}").First(n => !LostNodes.Contains(n)),
        };

    private bool IsStuck(PodObservation pod) =>
        LostNodes.Contains(pod.Node) || (_hung.Contains(pod.Uid) && !pod.Deleting);

    private List<PodObservation> Find(string name) =>
        Pods.FindAll(p => p.Name.Contains(name, StringComparison.Ordinal));

    private void Replace(PodObservation pod, PodObservation next) => Pods[Pods.IndexOf(pod)] = next;
}
