using System.Runtime.ExceptionServices;

namespace CodeParrot.Distributed.Tests.InProcess;

/// <summary>
/// All ranks of a world in one process and without sockets, for worlds larger than a machine can hold as processes.
/// Sums are made in the ring's order by the last rank to come, so that they have the ring's bits whatever the scheduler
/// does. A wrong use fails as it does in the ring, and worse: what a collective leaves as scratch is made NaN.
/// </summary>
internal sealed class InProcessWorld
{
    // Ranks of a test compute little: the usual stacks of a thousand threads would be address space for nothing.
    private const int StackBytes = 1 << 20;

    /// <summary>A world whose ranks wait for each other no longer than <paramref name="deadline"/>.</summary>
    public InProcessWorld(int worldSize, TimeSpan? deadline = null)
    {
        var meeting = new Meeting(worldSize, deadline ?? TimeSpan.FromMinutes(5));
        Groups = [.. Enumerable.Range(0, worldSize).Select(rank => new InProcessGroup(rank, meeting))];
    }

    public IReadOnlyList<InProcessGroup> Groups { get; }

    /// <summary>
    /// Runs the action of every rank at once and returns what each gave, or throws what the first of them threw that
    /// did not just lose a peer.
    /// </summary>
    public T[] Run<T>(Func<IProcessGroup, T> action)
    {
        var results = new T[Groups.Count];
        var failures = Catch(group => results[group.Rank] = action(group)).OfType<Exception>().ToList();
        if ((failures.Find(e => e is not PeerLostException) ?? failures.FirstOrDefault()) is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        return results;
    }

    /// <summary>Runs the action of every rank at once and returns what each threw; each leaves at its end.</summary>
    public Exception?[] Catch(Action<IProcessGroup> action)
    {
        var errors = new Exception?[Groups.Count];
        var threads = Groups
            .Select(group => new Thread(() => errors[group.Rank] = Record.Exception(() => RunRank(group)), StackBytes))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return errors;

        void RunRank(InProcessGroup group)
        {
            using (group)
            {
                action(group);
            }
        }
    }
}
