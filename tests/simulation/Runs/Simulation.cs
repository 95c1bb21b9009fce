using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Faults;
using CodeParrot.Simulation.Tests.Invariants;
using CodeParrot.Simulation.Tests.Kubelet;
using CodeParrot.Simulation.Tests.Scheduling;
using CodeParrot.Simulation.Tests.Trainers;

namespace CodeParrot.Simulation.Tests.Runs;

/// <summary>
/// One history, drawn from one seed: runs, operators and trainers with faults for some minutes; then the faults
/// stop, and everything must come to its end, and stay there without a write.
/// </summary>
internal sealed class Simulation
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private readonly Random _random;
    private readonly Scheduler _scheduler;
    private readonly FaultPlan _faults;
    private readonly SimulatedApiServer _server;
    private readonly Kubelets _kubelets;
    private readonly Oracle _oracle;
    private readonly Settlement _settlement;
    private readonly Users _users;
    private readonly string[] _names;
    private string _open = "nothing has begun";

    private Simulation(int seed, OperatorVariant variant, Trace trace)
    {
        _random = new Random(seed);
        _scheduler = new Scheduler(_random.Next(), trace);
        _faults = new FaultPlan(
            Fork(),
            requests: seed % 5 is 0 or 1 or 3,
            spikes: seed % 7 == 2,
            peers: seed % 8 is 1 or 7,
            fewer: seed % 16 is 7 or 9
        );
        _server = new SimulatedApiServer(_scheduler, _faults, Fork());
        var trainers = new TrainerWorld(_scheduler, _faults, Fork());
        _kubelets = new Kubelets(_server, Fork(), trainers.Start);
        _oracle = new Oracle(_server, trainers, Operators.Options.RenewDeadline);
        _settlement = new Settlement(_server, _kubelets, _oracle);
        _names = _random.Next(2) == 0 ? ["small", "other"] : ["small"];
        _users = new Users(_server, Fork(), _names);
        Scenario.AddCredentials(_server);
        foreach (var name in _names)
        {
            _server.Writer.Create(ResourceType.TrainingRuns, Scenario.Run(name, _random, _faults));
        }

        _ = new Operators(_server, _kubelets, Fork(), variant, _oracle.Requests.Questioned);
        if (_faults.Requests)
        {
            new Requests(_server, new Random(seed), _names).Start();
        }

        if (_faults.Fewer)
        {
            var room = new Room(_server, new Random(seed));
            _kubelets.Binder.HasRoom = room.Has;
            room.Start();
        }

        StartFaults();
        _scheduler.After(Look, Settle);
    }

    /// <summary>Plays a seed to its end.</summary>
    public static SeedResult Play(int seed, OperatorVariant variant, Trace? trace = null)
    {
        trace ??= new Trace();
        var simulation = new Simulation(seed, variant, trace);
        var scheduler = simulation._scheduler;
        Exception? failure = null;
        try
        {
            simulation.Play();
        }
        catch (Exception e)
        {
            failure = e;
        }

        return new SeedResult(
            seed,
            trace.Hash,
            $"{simulation._faults}",
            scheduler.Executed,
            scheduler.Now,
            failure,
            [.. trace.LastLines]
        );
    }

    private void Play()
    {
        var faultsEnd = TimeSpan.FromSeconds(60 + _random.Next(300));
        _scheduler.RunUntil(() => false, faultsEnd);
        _scheduler.Tell("world", "faults stop");
        _faults.Stop();
        _users.Finish();
        _open = "";
        Settle();
        if (!_scheduler.RunUntil(() => _open.Length == 0, faultsEnd + Patience))
        {
            throw new InvariantException("liveness", $"an hour after the last fault, {_open}");
        }

        _settlement.Judge();
        _scheduler.RunUntil(() => false, _scheduler.Now + Rest);
        var writes = _oracle.Writes;
        _scheduler.RunUntil(() => false, _scheduler.Now + Rest);
        _oracle.Ledger.Require(
            _oracle.Writes == writes,
            "rest",
            $"{_oracle.Writes - writes} writes although all is done"
        );
        _scheduler.RunUntil(() => true, _scheduler.Now);
    }

    private void StartFaults()
    {
        if (_faults.Storms)
        {
            _scheduler.After(TimeSpan.FromSeconds(20 + Fork().Next(120)), Storm);
        }

        if (_faults.KilledPods)
        {
            new PodFaults(_server, _kubelets, Fork(), Note).Start();
        }

        if (_faults.LostNodes)
        {
            new NodeFaults(_scheduler, _kubelets, _faults, Fork(), Note).Start();
        }

        if (_faults.Users)
        {
            _users.Start();
        }
    }

    private void Note(PodLife pod)
    {
        if (pod.Process is { } process)
        {
            _oracle.Ledger.Failed(process.Identity);
        }
    }

    private void Storm()
    {
        _faults.Overloaded = _faults.Active && !_faults.Overloaded;
        _scheduler.Tell("server", _faults.Overloaded ? "is overloaded" : "is well again");
        if (_faults.Active)
        {
            _scheduler.After(TimeSpan.FromSeconds(5 + _random.Next(_faults.Overloaded ? 30 : 90)), Storm);
        }
    }

    private void Settle()
    {
        if (!_faults.Active)
        {
            _open = _settlement.Open();
        }

        _scheduler.After(Look, Settle);
    }

    private Random Fork() => new(_random.Next());
}
