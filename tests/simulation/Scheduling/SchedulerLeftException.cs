namespace CodeParrot.Simulation.Tests.Scheduling;

/// <summary>
/// A continuation came from another thread: something awaited with <c>ConfigureAwait(false)</c>, or used the thread
/// pool, and from there on the seed does not decide what happens.
/// </summary>
/// <param name="process">Process whose code it was.</param>
/// <param name="stack">Where it came from.</param>
internal sealed class SchedulerLeftException(string process, string stack)
    : Exception($"process {process} left the simulated scheduler, from:\n{stack}");
