using System.Security.Cryptography;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Yaml;
using CodeParrot.Operator.Core.Manifests;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CodeParrot.Cli.Plugin.Doctor;

/// <summary>
/// A pod with the run's credentials reaches its store, from where its ranks would: it lists the run's checkpoints.
/// </summary>
/// <param name="time">Clock.</param>
internal sealed class StoreCheck(TimeProvider time) : IDoctorCheck
{
    private const int HashLength = 12;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    /// <inheritdoc/>
    public string Name => "store";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(Patient patient, CancellationToken cancellationToken)
    {
        if (patient.Run is not { } run)
        {
            return [Finding.Skipped(Name, "name a run, or a manifest with -f")];
        }

        if (run.Spec.Store.Uri.Length == 0)
        {
            return
            [
                new Finding(
                    Name,
                    FindingLevel.Failed,
                    "spec.store.uri is empty",
                    "name a store that pods reach, as in s3://bucket/prefix"
                ),
            ];
        }

        if (await MissingAsync(patient, cancellationToken) is { } missing)
        {
            return [missing];
        }

        // A snapshot of its own: the run may not have begun, and its spec may have changed since.
        var hash = RandomNumberGenerator.GetHexString(HashLength, lowercase: true);
        var snapshot = ObjectNames.Snapshot(run.Metadata.Name, hash);
        await patient.Client.CoreV1.CreateNamespacedConfigMapAsync(
            new V1ConfigMap
            {
                Metadata = new V1ObjectMeta { Name = snapshot },
                Data = new Dictionary<string, string> { [ContainerPlaces.SpecKey] = YamlText.Write(run.ToManifest()) },
            },
            patient.Namespace,
            cancellationToken: cancellationToken
        );
        try
        {
            List<string> said = [];
            var asked = run with { Status = run.Status with { SpecHash = hash } };
            var code = await new ShortPod(patient.Client, patient.Place.Pods, time).RunAsync(
                asked,
                ["store", "list"],
                Deadline,
                said.Add,
                cancellationToken
            );
            return [Judge(run.Spec.Store.Uri, code, said)];
        }
        finally
        {
            await patient.Client.CoreV1.DeleteNamespacedConfigMapAsync(
                snapshot,
                patient.Namespace,
                cancellationToken: CancellationToken.None
            );
        }
    }

    private static Finding Judge(string uri, int code, IReadOnlyList<string> said) =>
        code == (int)ExitCode.Done
            ? Finding.Ok("store", $"{uri} answers a pod")
            : new Finding(
                "store",
                FindingLevel.Failed,
                $"{uri} does not answer a pod (exit code {code}): {said.LastOrDefault(l => l.Trim().Length > 0)}",
                "check spec.store: endpoint, credentialsSecret, caBundle; and network policies of the namespace"
            );

    private async Task<Finding?> MissingAsync(Patient patient, CancellationToken cancellationToken)
    {
        var store = patient.Run!.Spec.Store;
        if (store.CaBundle.ConfigMap is { Length: > 0 } bundle)
        {
            try
            {
                await patient.Client.CoreV1.ReadNamespacedConfigMapAsync(
                    bundle,
                    patient.Namespace,
                    cancellationToken: cancellationToken
                );
            }
            catch (HttpOperationException e) when (ServerAnswers.IsMissing(e))
            {
                return Missing("ConfigMap", bundle, "spec.store.caBundle.configMap");
            }
        }

        if (store.CredentialsSecret.Length > 0)
        {
            try
            {
                // Its metadata would do; whoever may read secrets sees it here no more than in kubectl.
                await patient.Client.CoreV1.ReadNamespacedSecretAsync(
                    store.CredentialsSecret,
                    patient.Namespace,
                    cancellationToken: cancellationToken
                );
            }
            catch (HttpOperationException e) when (ServerAnswers.IsMissing(e))
            {
                return Missing("Secret", store.CredentialsSecret, "spec.store.credentialsSecret");
            }
            catch (HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.Forbidden)
            {
                // The pod will find out.
                return null;
            }
        }

        return null;

        Finding Missing(string kind, string name, string field) =>
            new(
                Name,
                FindingLevel.Failed,
                $"there is no {kind} {name} in namespace {patient.Namespace}",
                $"create it, or let {field} name another"
            );
    }
}
