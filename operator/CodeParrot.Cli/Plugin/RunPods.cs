using System.Net;
using System.Runtime.CompilerServices;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Cli.Places;
using CodeParrot.Contract.Runtime;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CodeParrot.Cli.Plugin;

/// <summary>Pods of runs, and what they print.</summary>
/// <param name="client">The client.</param>
/// <param name="time">Clock.</param>
internal sealed class RunPods(IKubernetes client, TimeProvider time)
{
    private const string Container = "trainer";
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>Pods of a run's stages.</summary>
    public async Task<IReadOnlyList<RunPod>> ListAsync(TrainingRun run, CancellationToken cancellationToken) =>
        [.. (await AllAsync(run, cancellationToken)).Select(p => Of(run, p))];

    /// <summary>Ranks of the gang that trains now, with what their pods do.</summary>
    public async Task<IReadOnlyList<RankProgress>> RanksAsync(TrainingRun run, CancellationToken cancellationToken)
    {
        var status = run.Status;
        if (status.LivingAttempt() is null || status.Stage != StageNames.Train)
        {
            return [];
        }

        var pods = await AllAsync(run, cancellationToken);
        return
        [
            .. pods.Select(p => (Pod: p, Run: Of(run, p)))
                .Where(p => p.Run.Attempt == status.Attempt && p.Run.Stage == status.Stage)
                .OrderBy(p => p.Run.PodIndex)
                .Select(p => new RankProgress(p.Run.FirstRank, StateOf(p.Pod), 0, 0, default)),
        ];
    }

    /// <summary>Any pod of the run; null while there is none.</summary>
    public async Task<V1Pod?> AnyAsync(TrainingRun run, CancellationToken cancellationToken) =>
        (await AllAsync(run, cancellationToken)).FirstOrDefault();

    /// <summary>Lines that a pod prints; a pod that has not begun is waited for where they are followed.</summary>
    public async IAsyncEnumerable<string> LogAsync(
        string space,
        string name,
        bool follow,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var log = await OpenAsync(space, name, follow, cancellationToken);
        using var reader = new StreamReader(log);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            yield return line;
        }
    }

    private async Task<Stream> OpenAsync(string space, string name, bool follow, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await client.CoreV1.ReadNamespacedPodLogAsync(
                    name,
                    space,
                    container: Container,
                    follow: follow,
                    cancellationToken: cancellationToken
                );
            }
            // The container is being created: there is no log yet.
            catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.BadRequest)
            {
                if (!follow)
                {
                    return Stream.Null;
                }
            }
            // It went between the list and the question.
            catch (HttpOperationException e) when (ServerAnswers.IsMissing(e))
            {
                return Stream.Null;
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private async Task<IList<V1Pod>> AllAsync(TrainingRun run, CancellationToken cancellationToken)
    {
        var pods = await client.CoreV1.ListNamespacedPodAsync(
            run.Metadata.Namespace,
            labelSelector: $"{LabelNames.RunUid}={run.Metadata.Uid}",
            cancellationToken: cancellationToken
        );
        return [.. pods.Items.Where(p => !TaskNames.IsTask(Label(p, LabelNames.Stage)))];
    }

    private static RunPod Of(TrainingRun run, V1Pod pod)
    {
        var stage = Label(pod, LabelNames.Stage);
        return new RunPod(
            pod.Name(),
            run.Metadata.Name,
            pod.Namespace(),
            stage,
            Number(pod, LabelNames.Attempt),
            Number(pod, LabelNames.PodIndex),
            stage == StageNames.Train ? Math.Max(1, run.Status.Gang.RanksPerPod) : 1,
            new DateTimeOffset(pod.CreationTimestamp() ?? default, TimeSpan.Zero)
        );
    }

    private static string StateOf(V1Pod pod)
    {
        var container = pod.Status?.ContainerStatuses?.FirstOrDefault();
        var state =
            pod.Metadata.DeletionTimestamp is not null ? "Stopping"
            : container?.State?.Waiting?.Reason is { } waits ? waits
            : pod.Status?.Conditions?.FirstOrDefault(c => c is { Type: "PodScheduled", Status: "False" })?.Reason
                is { } unscheduled
                ? unscheduled
            : container?.State?.Terminated is { } ended ? $"ended with {ended.ExitCode}"
            : pod.Status?.Phase ?? "Pending";
        return pod.Spec.NodeName is { Length: > 0 } node ? $"{state} on {node}" : state;
    }

    private static string Label(V1Pod pod, string name) => pod.GetLabel(name) ?? "";

    private static int Number(V1Pod pod, string name) => int.TryParse(Label(pod, name), out var n) ? n : 0;
}
