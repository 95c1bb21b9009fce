using CodeParrot.Api.Names;
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
            Assert.All(run.GroupBy(p => p.Name), g => Assert.True(g.Count() == 1, $"{g.Key} was made {g.Count()} times"));
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
}
