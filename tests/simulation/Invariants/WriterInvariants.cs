using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.Invariants;

/// <summary>I7 and I9: who may write, and how much.</summary>
/// <param name="store">Where the lease is.</param>
/// <param name="ledger">Takes what is wrong.</param>
/// <param name="renewDeadline">How long after its last renewal a leader writes.</param>
internal sealed class WriterInvariants(ObjectStore store, Ledger ledger, TimeSpan renewDeadline)
{
    private const int MostInWindow = 120;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Dictionary<SimulatedProcess, TimeSpan> _renewed = [];
    private readonly Dictionary<SimulatedProcess, Queue<TimeSpan>> _writes = [];

    /// <summary>Gets how many writes were begun, leases left out.</summary>
    public long Count { get; private set; }

    /// <summary>Looks at a write as it is begun.</summary>
    public void Begins(WriteAttempt write)
    {
        if (write.Key.Type == ResourceType.Leases)
        {
            return;
        }

        Count++;
        var held = _renewed.TryGetValue(write.Process, out var renewed);
        ledger.Require(
            held && write.BegunAt <= renewed + renewDeadline,
            "I7",
            $"{write.Process.Name} begins {write} {(write.BegunAt - renewed).TotalSeconds:F1} s after its last renewal"
        );
        var holder = store.All(ResourceType.Leases).Select(l => l.Body.Text("spec", "holderIdentity")).FirstOrDefault();
        ledger.Require(
            holder == write.Process.Name,
            "I7",
            $"{write.Process.Name} begins {write} while {holder} holds the lease"
        );
        CountInWindow(write);
    }

    /// <summary>Looks at a lease that was written.</summary>
    public void Renewed(WriteAttempt write)
    {
        if (write.Body?.Text("spec", "holderIdentity") == write.Process.Name)
        {
            _renewed[write.Process] = write.BegunAt;
        }
        else
        {
            _renewed.Remove(write.Process);
        }
    }

    private void CountInWindow(WriteAttempt write)
    {
        if (!_writes.TryGetValue(write.Process, out var recent))
        {
            _writes[write.Process] = recent = new Queue<TimeSpan>();
        }

        recent.Enqueue(write.BegunAt);
        while (recent.Peek() + Window < write.BegunAt)
        {
            recent.Dequeue();
        }

        ledger.Require(
            recent.Count <= MostInWindow,
            "I9",
            $"{write.Process.Name} wrote {recent.Count} times in {Window.TotalSeconds} s, at last {write}"
        );
    }
}
