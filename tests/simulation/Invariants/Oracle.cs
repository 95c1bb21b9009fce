using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Trainers;

namespace CodeParrot.Simulation.Tests.Invariants;

/// <summary>Looks at every event of the world, and knows what must hold (DESIGN §9).</summary>
internal sealed class Oracle
{
    private readonly SimulatedStore _store;
    private readonly StatusInvariants _status;
    private readonly PeerInvariants _peers;
    private readonly WriterInvariants _writers;

    public Oracle(SimulatedApiServer server, TrainerWorld trainers, TimeSpan renewDeadline)
    {
        _store = trainers.Store;
        Ledger = new Ledger(server.Scheduler);
        Pods = new PodInvariants(server.Store, Ledger, () => server.Scheduler.Now);
        _status = new StatusInvariants(Ledger, trainers.Store);
        _peers = new PeerInvariants(server.Store, Ledger, () => server.Scheduler.Now);
        Requests = new RequestInvariants(server.Store, Ledger);
        _writers = new WriterInvariants(server.Store, Ledger, renewDeadline);
        server.Store.Listen(Look);
        server.WriteBegins = Begins;
        server.WriteDone = Done;
        trainers.Ended = Ledger.Ended;
        trainers.Hangs = Ledger.Hung;
        trainers.GoesBack = Ledger.GoesBack;
        trainers.Resumes = new GangInvariants(Ledger).Resumed;
        trainers.GoesOn = new GangInvariants(Ledger).WentOn;
        trainers.Store.Commits = Requests.Committed;
        trainers.Store.Deletes = new StoreInvariants(server.Store, trainers.Store, Ledger).Deletes;
    }

    public Ledger Ledger { get; }

    public PodInvariants Pods { get; }

    public RequestInvariants Requests { get; }

    /// <summary>True for a checkpoint of a run that is in the store now.</summary>
    public bool IsStored(ObjectKey run, CheckpointSummary checkpoint) =>
        _store.Run($"{run.Namespace}/{run.Name}").Find($"{checkpoint.Branch}/{checkpoint.Name}") is not null;

    /// <summary>Gets how many writes operators have begun, leases left out.</summary>
    public long Writes => _writers.Count;

    private void Begins(WriteAttempt write)
    {
        _writers.Begins(write);
        if (write.Verb == "delete" && write.Key.Type == ResourceType.Pods)
        {
            Pods.Deletes(write);
        }
    }

    private void Done(WriteAttempt write)
    {
        if (write.Key.Type == ResourceType.Leases)
        {
            _writers.Renewed(write);
        }
    }

    private void Look(Change change)
    {
        var it = change.Object;
        if (it.Key.Type == ResourceType.Pods && change.Kind == WatchEventKind.Added)
        {
            Pods.Created(it);
        }
        else if (it.Key.Type == ResourceType.Pods && change.Kind == WatchEventKind.Deleted)
        {
            Pods.Gone(it);
        }
        else if (it.Key.Type == ResourceType.TrainingRuns)
        {
            Pods.RunChanged(it);
            Requests.Seen(it);
            if (change.Before is { } before && before.Uid == it.Uid)
            {
                _status.Changed(before, it);
                _peers.Changed(before, it);
                Requests.Changed(before, it);
            }
        }
    }
}
