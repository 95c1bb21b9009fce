using CodeParrot.Contract.Runtime;
using CodeParrot.Simulation.Tests.Faults;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.Trainers;

/// <summary>What trainer processes share: the store, the network, and their share of faults.</summary>
internal sealed class TrainerWorld(Scheduler scheduler, FaultPlan faults, Random random)
{
    private readonly Dictionary<(string RunUid, int Attempt), Gang> _gangs = [];

    public Scheduler Scheduler { get; } = scheduler;

    public FaultPlan Faults { get; } = faults;

    public Random Random { get; } = random;

    public SimulatedStore Store { get; } = new(scheduler);

    /// <summary>Gets or sets what is called when a process has ended.</summary>
    public Action<PodProcess> Ended { get; set; } = _ => { };

    /// <summary>
    /// Gets or sets what is called when a gang begins to train, with the step that each rank resumes from.
    /// </summary>
    public Action<Gang, IReadOnlyList<long>> Resumes { get; set; } = (_, _) => { };

    /// <summary>
    /// Gets or sets what is called when the ranks that are left of a gang go on with others, with the step before.
    /// </summary>
    public Action<Gang, long> GoesOn { get; set; } = (_, _) => { };

    /// <summary>Gets or sets what is called when a gang stops making steps although it lives.</summary>
    public Action<Gang> Hangs { get; set; } = _ => { };

    /// <summary>Gets or sets what is called when a gang asks to go back to a checkpoint.</summary>
    public Action<Gang, StoredCheckpoint> GoesBack { get; set; } = (_, _) => { };

    public PodProcess Start(PodIdentity identity) =>
        identity.Stage switch
        {
            StageNames.Train => new RankProcess(this, identity),
            StageNames.Corpus or StageNames.Tokenizer or StageNames.Evaluate or StageNames.Publish => new StageProcess(
                this,
                identity
            ),
            _ => new StoreProcess(this, identity),
        };

    /// <summary>The gang that an attempt's ranks meet in.</summary>
    public Gang GangOf(PodIdentity identity)
    {
        var key = (identity.RunUid, identity.Attempt);
        if (!_gangs.TryGetValue(key, out var gang))
        {
            _gangs[key] = gang = new Gang(this, identity);
        }

        return gang;
    }

    public TimeSpan Between(double minSeconds, double maxSeconds) =>
        TimeSpan.FromSeconds(minSeconds + (Random.NextDouble() * (maxSeconds - minSeconds)));
}
