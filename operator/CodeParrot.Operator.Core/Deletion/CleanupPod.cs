using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Deletion;

/// <summary>
/// The pod that deletes a run's objects. It mounts nothing that goes with the run: what it needs to know stands in its
/// arguments.
/// </summary>
internal static class CleanupPod
{
    /// <summary>The pod of one try.</summary>
    public static PodSpec Build(TrainingRun run, int tryNumber, TimeSpan deadline)
    {
        var store = run.Spec.Store;
        List<string> arguments =
        [
            "--run",
            $"{run.Metadata.Namespace}/{run.Metadata.Name}",
            "--uid",
            run.Metadata.Uid,
            "--store",
            store.Uri,
            "--region",
            store.Region,
            "--path-style",
            store.PathStyle ? "true" : "false",
        ];
        if (store.Endpoint.Length > 0)
        {
            arguments.AddRange(["--endpoint", store.Endpoint]);
        }

        return PodBuilder.BuildTask(run, TaskNames.Cleanup, tryNumber) with
        {
            Owned = false,
            Deadline = deadline,
            Arguments = arguments,
        };
    }
}
