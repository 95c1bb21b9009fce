using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CodeParrot.Cli.Plugin;

/// <summary>The operators that the chart has installed.</summary>
internal static class OperatorDeployments
{
    /// <summary>Label that the chart puts on them.</summary>
    public const string Selector = "app.kubernetes.io/name=codeparrot-operator";

    /// <summary>Those that look after a namespace; null where whoever asks may not look.</summary>
    public static async Task<IReadOnlyList<V1Deployment>?> WatchingAsync(
        IKubernetes client,
        string space,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var found = await client.AppsV1.ListDeploymentForAllNamespacesAsync(
                labelSelector: Selector,
                cancellationToken: cancellationToken
            );
            return [.. found.Items.Where(o => OptionOf(o, "--namespace") is not { } only || only == space)];
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Forbidden)
        {
            return null;
        }
    }

    /// <summary>Value of an option on an operator's command line; null where it is not there.</summary>
    /// <param name="deployment">The operator.</param>
    /// <param name="option">As in <c>--image</c>.</param>
    public static string? OptionOf(V1Deployment deployment, string option) =>
        deployment
            .Spec.Template.Spec.Containers[0]
            .Args?.FirstOrDefault(a => a.StartsWith(option + "=", StringComparison.Ordinal))
            ?[(option.Length + 1)..];
}
