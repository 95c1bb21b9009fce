using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CodeParrot.Cli.Plugin.Doctor;

/// <summary>An operator looks after the namespace: it is ready, and one replica leads.</summary>
/// <param name="time">Clock.</param>
internal sealed class OperatorCheck(TimeProvider time) : IDoctorCheck
{
    private const string Lease = "codeparrot-operator";

    // A leader renews every few seconds; clocks of nodes differ a little.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public string Name => "operator";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(Patient patient, CancellationToken cancellationToken)
    {
        var watching = await OperatorDeployments.WatchingAsync(patient.Client, patient.Namespace, cancellationToken);
        if (watching is null)
        {
            return [Finding.Skipped(Name, "you may not look at deployments of all namespaces")];
        }

        List<Finding> findings = [];
        if (watching.Count == 0)
        {
            return
            [
                new Finding(
                    Name,
                    FindingLevel.Failed,
                    $"none looks after namespace {patient.Namespace}",
                    "helm install codeparrot charts/codeparrot --namespace codeparrot-system --create-namespace"
                ),
            ];
        }

        if (watching.Count > 1)
        {
            var names = string.Join(", ", watching.Select(o => $"{o.Namespace()}/{o.Name()}"));
            findings.Add(
                new Finding(
                    Name,
                    FindingLevel.Failed,
                    $"{watching.Count} look after namespace {patient.Namespace}: {names}",
                    "they act on the same runs: uninstall all but one"
                )
            );
        }

        foreach (var one in watching)
        {
            findings.Add(await JudgeAsync(patient.Client, one, cancellationToken));
        }

        return findings;
    }

    private async Task<Finding> JudgeAsync(IKubernetes client, V1Deployment one, CancellationToken cancellationToken)
    {
        var where = $"{one.Namespace()}/{one.Name()}";
        var ready = one.Status?.ReadyReplicas ?? 0;
        var replicas = $"{ready} of {one.Spec.Replicas ?? 1} replicas ready";
        if (ready == 0)
        {
            return new Finding(
                Name,
                FindingLevel.Failed,
                $"{where}: {replicas}",
                $"kubectl -n {one.Namespace()} describe pods -l {OperatorDeployments.Selector}"
            );
        }

        return await HolderAsync(client, one.Namespace(), cancellationToken) is { } holder
            ? Finding.Ok(Name, $"{where}: {replicas}, {holder} leads")
            : new Finding(
                Name,
                FindingLevel.Warning,
                $"{where}: {replicas}, and no lease that was renewed lately can be seen",
                $"kubectl -n {one.Namespace()} logs deployment/{one.Name()}"
            );
    }

    private async Task<string?> HolderAsync(IKubernetes client, string space, CancellationToken cancellationToken)
    {
        try
        {
            var leases = await client.CoordinationV1.ListNamespacedLeaseAsync(
                space,
                cancellationToken: cancellationToken
            );
            return leases
                .Items.Where(l =>
                    l.Name() == Lease && l.Spec.RenewTime is { } at && time.GetUtcNow().UtcDateTime - at < Fresh
                )
                .Select(l => l.Spec.HolderIdentity)
                .FirstOrDefault(h => !string.IsNullOrEmpty(h));
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Forbidden)
        {
            return null;
        }
    }
}
