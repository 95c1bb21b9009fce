using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Pods;
using k8s;
using k8s.Models;

namespace CodeParrot.Cli.Plugin;

/// <summary>
/// A pod with the run's credentials that runs one command of the trainer and is gone afterwards: only trainers touch
/// the store. It carries no labels of a run's pods: the operator does not take it for one of its own.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="pods">Reads its log.</param>
/// <param name="time">Clock.</param>
internal sealed class ShortPod(IKubernetes client, RunPods pods, TimeProvider time)
{
    /// <summary>Value of the label managed-by.</summary>
    public const string ManagedBy = "kubectl-codeparrot";

    private const int NameLength = 6;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    private static readonly string[] Hopeless =
    [
        "ImagePullBackOff",
        "ErrImagePull",
        "InvalidImageName",
        "CreateContainerConfigError",
        "CreateContainerError",
    ];

    /// <summary>Runs it.</summary>
    /// <param name="run">
    /// The run, as far as it is there; its status's hash names the snapshot that the pod mounts.
    /// </param>
    /// <param name="command">Words of the trainer's command, without the snapshot's place.</param>
    /// <param name="deadline">Longest time for it, from its start.</param>
    /// <param name="print">Gets its lines.</param>
    /// <param name="cancellationToken">Gives up; the pod goes all the same.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="UserMistakeException">It cannot start.</exception>
    public async Task<int> RunAsync(
        TrainingRun run,
        IReadOnlyList<string> command,
        TimeSpan deadline,
        Action<string> print,
        CancellationToken cancellationToken
    )
    {
        var options = await TrainerImage.FindAsync(client, pods, run, cancellationToken);
        var space = run.Metadata.Namespace;
        var suffix = RandomNumberGenerator.GetHexString(NameLength, lowercase: true);
        var name = $"{run.Metadata.Name}-{command[0]}-{suffix}";
        var manifest = Manifest(run, name, options, command, deadline);
        await client.CoreV1.CreateNamespacedPodAsync(
            KubernetesJson.Deserialize<V1Pod>(manifest.ToJsonString()),
            space,
            cancellationToken: cancellationToken
        );
        try
        {
            await UntilAsync(space, name, p => p is not (null or "Pending"), cancellationToken);
            await foreach (var line in pods.LogAsync(space, name, follow: true, cancellationToken))
            {
                print(line);
            }

            var ended = await UntilAsync(space, name, p => p is "Succeeded" or "Failed", cancellationToken);
            return ended.Status.ContainerStatuses?.FirstOrDefault()?.State?.Terminated?.ExitCode
                ?? (int)ExitCode.Unexpected;
        }
        finally
        {
            // Also after Ctrl-C: nobody else deletes it before its run goes.
            await client.CoreV1.DeleteNamespacedPodAsync(
                name,
                space,
                gracePeriodSeconds: 0,
                cancellationToken: CancellationToken.None
            );
        }
    }

    /// <summary>The pod.</summary>
    public static JsonObject Manifest(
        TrainingRun run,
        string name,
        ManifestOptions options,
        IReadOnlyList<string> command,
        TimeSpan deadline
    )
    {
        // Made as a task's pod is, hence with the publish stage's template and resources; no gang holds it back.
        var pod = PodBuilder.BuildTask(run, TaskNames.Promote, number: 1) with
        {
            Name = name,
            SpecHash = run.Status.SpecHash,
            Deadline = deadline,
            Owned = run.Metadata.Uid.Length > 0,
        };
        var alone = run with { Status = run.Status with { Gang = new GangStatus() } };
        var manifest = PodManifest.Build(alone, pod, options);
        manifest["metadata"]!["labels"] = new JsonObject
        {
            [LabelNames.Name] = ManagedBy,
            [LabelNames.Instance] = run.Metadata.Name,
            [LabelNames.ManagedBy] = ManagedBy,
        };
        var container = manifest["spec"]!["containers"]![0]!.AsObject();
        var words = command.Concat(["--spec", ContainerPlaces.SpecFile]);
        container["args"] = new JsonArray([.. words.Select(w => (JsonNode?)w)]);
        // Its process answers no questions.
        container.Remove("readinessProbe");
        container.Remove("ports");
        return manifest;
    }

    private async Task<V1Pod> UntilAsync(
        string space,
        string name,
        Func<string?, bool> isSo,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var pod = await client.CoreV1.ReadNamespacedPodAsync(name, space, cancellationToken: cancellationToken);
            if (isSo(pod.Status?.Phase))
            {
                return pod;
            }

            var waits = pod.Status?.ContainerStatuses?.FirstOrDefault()?.State?.Waiting;
            if (Hopeless.Contains(waits?.Reason))
            {
                throw new UserMistakeException($"pod {name} does not start: {waits!.Reason}: {waits.Message}");
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }
}
