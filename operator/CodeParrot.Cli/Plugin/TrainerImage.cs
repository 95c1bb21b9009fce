using System.Globalization;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Manifests;
using k8s;
using k8s.Models;

namespace CodeParrot.Cli.Plugin;

/// <summary>
/// How the operator makes pods of a run: the image and the user, as a pod of it or the operator's Deployment has them.
/// </summary>
internal static class TrainerImage
{
    /// <summary>Settings for a pod beside the operator's.</summary>
    /// <exception cref="UserMistakeException">The image is not to be found.</exception>
    public static async Task<ManifestOptions> FindAsync(
        IKubernetes client,
        RunPods pods,
        TrainingRun run,
        CancellationToken cancellationToken
    )
    {
        if (run.Metadata.Uid.Length > 0 && await pods.AnyAsync(run, cancellationToken) is { } pod)
        {
            return Of(pod);
        }

        var operators = await OperatorDeployments.WatchingAsync(client, run.Metadata.Namespace, cancellationToken);
        if (
            operators is [var watching, ..]
            && OperatorDeployments.OptionOf(watching, "--image") is { Length: > 0 } image
        )
        {
            return new ManifestOptions
            {
                Image = image,
                ImagePullPolicy = Policy(OperatorDeployments.OptionOf(watching, "--image-pull-policy")),
                UserId = User(OperatorDeployments.OptionOf(watching, "--user-id")),
            };
        }

        // The run's own image stands over this one.
        return run.Spec.Stages.GetValueOrDefault(StageNames.Publish)?.Template?.Image is { Length: > 0 }
            ? new ManifestOptions()
            : throw new UserMistakeException(
                $"run {run.Metadata.Name} has no pod to take the trainer's image from, and no operator's Deployment "
                    + "can be seen; let spec.stages.publish.template.image name the image"
            );
    }

    private static ManifestOptions Of(V1Pod pod) =>
        new()
        {
            Image = pod.Spec.Containers[0].Image,
            ImagePullPolicy = Policy(pod.Spec.Containers[0].ImagePullPolicy),
            UserId = User($"{pod.Spec.SecurityContext?.RunAsUser}"),
        };

    private static ImagePullPolicy? Policy(string? text) =>
        Enum.TryParse<ImagePullPolicy>(text, out var policy) ? policy : null;

    private static int User(string? text) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var id) ? id : new ManifestOptions().UserId;
}
