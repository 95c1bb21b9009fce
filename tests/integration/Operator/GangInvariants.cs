using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator;

/// <summary>What must hold of the pods of every run, whatever happens to it.</summary>
internal static class GangInvariants
{
    /// <summary>Fails where a pod was made twice, or two attempts had living pods at the same time.</summary>
    public static void Check(IEnumerable<WrittenPod> pods)
    {
        foreach (var run in pods.Where(p => !TaskNames.IsTask(p.Stage)).GroupBy(p => p.RunUid))
        {
            Assert.All(
                run.GroupBy(p => (p.Name, p.Generation)),
                g => Assert.True(g.Count() == 1, $"{g.Key} was made {g.Count()} times")
            );
            foreach (var pod in run)
            {
                var next = run.Where(p => p.Attempt > pod.Attempt).MinBy(p => p.CreatedAtVersion);
                Assert.True(
                    next is null || pod.EndedAtVersion < next.CreatedAtVersion,
                    $"{pod.Namespace}/{pod.Name} lived until {pod.EndedAtVersion}; {next?.Name} was made at "
                        + $"{next?.CreatedAtVersion}"
                );
            }
        }
    }

    /// <summary>Fails where counters of a run went back, or a terminal phase was left without a rollback.</summary>
    /// <param name="states">All states of one run, oldest first.</param>
    public static void CheckCounters(IReadOnlyList<TrainingRun> states)
    {
        foreach (
            var (before, after) in states.Zip(states.Skip(1)).Where(s => s.First.Metadata.Uid == s.Second.Metadata.Uid)
        )
        {
            Assert.True(before.Status.Attempt <= after.Status.Attempt, "an attempt was lost");
            Assert.True(after.Status.Attempt - before.Status.Attempt <= 1, "an attempt was skipped");
            Assert.True(before.Status.Restarts <= after.Status.Restarts, "a restart was lost");
            Assert.False(before.Status.IsTerminal() && !after.Status.IsTerminal(), "a run that was over went on");
            Assert.True(before.Status.Checkpoints.Count <= after.Status.Checkpoints.Count, "a checkpoint was lost");
        }
    }
}
