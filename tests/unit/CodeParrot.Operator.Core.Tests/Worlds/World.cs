using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Worlds;

/// <summary>
/// A cluster of values: carries plans out, lets pods end as it is told, and checks what must always hold.
/// </summary>
internal sealed partial class World(TrainingRun run, Planner planner)
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

    /// <summary>The first pod of a gang that went last, with what nobody has heard of it.</summary>
    public PodObservation? Departed { get; set; }

    public DateTimeOffset Now { get; private set; } = Runs.Start;

    public List<Plan> History { get; } = [];

    /// <summary>What there is besides pods.</summary>
    public Surroundings Around { get; } = new();

    /// <summary>Nodes whose kubelet will not be heard of again.</summary>
    public HashSet<string> LostNodes { get; } = [];

    /// <summary>False leaves new pods without a node.</summary>
    public bool HasRoom { get; set; } = true;

    /// <summary>Indexes of ranks' pods that find no node.</summary>
    public HashSet<int> NoRoomFor { get; init; } = [];

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
            Departed = Departed,
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
                _invariants.PodVanished(pod);
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
