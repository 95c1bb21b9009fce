namespace CodeParrot.Simulation.Tests.Scheduling;

/// <summary>Something that falls due at a virtual time.</summary>
/// <param name="action">What to do.</param>
/// <param name="process">Process that it belongs to; null for the world.</param>
internal sealed class ScheduledEvent(Action action, SimulatedProcess? process)
{
    public SimulatedProcess? Process { get; } = process;

    public bool IsCancelled { get; private set; }

    public void Cancel() => IsCancelled = true;

    public void Run()
    {
        if (!IsCancelled)
        {
            action();
        }
    }
}
