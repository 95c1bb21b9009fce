using System.Diagnostics;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Benchmarks.Operator;

/// <summary>How fast one who keeps no state could react: a watch, and a request at each event.</summary>
/// <param name="api">The server.</param>
/// <param name="progress">Answers of pods.</param>
/// <param name="rounds">How often.</param>
internal sealed class BareReaction(ClusterApi api, ProgressPods progress, int rounds)
{
    private const string Space = "loss-bare";

    /// <summary>Measures.</summary>
    /// <returns>Seconds from a failed status to the deletion, and from the deletion to the next pod.</returns>
    public async Task<(IReadOnlyList<double> ToDelete, IReadOnlyList<double> ToCreate)> MeasureAsync()
    {
        await api.CreateNamespaceAsync(Space);
        await using var kubelet = new FakeKubelet(api, Space, progress);
        await using var watch = new PodWatch(api, Space, e => _ = ReactAsync(e));
        await api.CreateAsync(ClusterApi.Pods(Space), Body(1));
        List<double> toDelete = [];
        List<double> toCreate = [];
        for (var attempt = 1; attempt <= rounds; attempt++)
        {
            await watch.WaitAsync(Space, StageNames.Train, attempt, "ADDED", 1);
            var failed = Stopwatch.GetTimestamp();
            await kubelet.EndAsync(NameOf(attempt), exitCode: 1);
            var gone = await watch.WaitAsync(Space, StageNames.Train, attempt, "DELETED", 1);
            var next = await watch.WaitAsync(Space, StageNames.Train, attempt + 1, "ADDED", 1);
            toDelete.Add(Stopwatch.GetElapsedTime(failed, gone[0].At).TotalSeconds);
            toCreate.Add(Stopwatch.GetElapsedTime(gone[0].At, next[0].At).TotalSeconds);
        }

        return (toDelete, toCreate);
    }

    // The only changes here are failures.
    private Task ReactAsync(PodEvent change) =>
        change.Kind switch
        {
            "MODIFIED" => api.DeleteAsync($"{ClusterApi.Pods(Space)}/{change.Name}"),
            "DELETED" => api.CreateAsync(ClusterApi.Pods(Space), Body(change.Attempt + 1)),
            _ => Task.CompletedTask,
        };

    private static string NameOf(int attempt) => $"bare-a{attempt}";

    private static byte[] Body(int attempt) =>
        System.Text.Encoding.UTF8.GetBytes(
            $$"""
            {
              "metadata": {
                "name": "{{NameOf(attempt)}}",
                "labels": {
                  "{{Api.Names.LabelNames.Run}}": "{{Space}}",
                  "{{Api.Names.LabelNames.RunUid}}": "none",
                  "{{Api.Names.LabelNames.Stage}}": "{{StageNames.Train}}",
                  "{{Api.Names.LabelNames.Attempt}}": "{{attempt}}",
                  "{{Api.Names.LabelNames.PodIndex}}": "0"
                }
              },
              "spec": { "restartPolicy": "Never", "containers": [{ "name": "trainer", "image": "trainer" }] }
            }
            """
        );
}
