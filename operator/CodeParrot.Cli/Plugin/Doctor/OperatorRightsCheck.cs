using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CodeParrot.Cli.Plugin.Doctor;

/// <summary>The operator's account has the rights of the chart.</summary>
internal sealed class OperatorRightsCheck : IDoctorCheck
{
    private const string Rules = "operator-rules.yaml";
    private const string DefaultAccount = "default";

    /// <inheritdoc/>
    public string Name => "operator's rights";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(Patient patient, CancellationToken cancellationToken)
    {
        var watching = await OperatorDeployments.WatchingAsync(patient.Client, patient.Namespace, cancellationToken);
        if (watching is not [var one, ..])
        {
            return [Finding.Skipped(Name, "no operator is to be seen")];
        }

        var account = one.Spec.Template.Spec.ServiceAccountName ?? DefaultAccount;
        var user = $"system:serviceaccount:{one.Namespace()}:{account}";
        try
        {
            var missing = await MissingAsync(patient, user, cancellationToken);
            return
            [
                missing.Count == 0
                    ? Finding.Ok(Name, $"{user}: all that the chart gives")
                    : new Finding(
                        Name,
                        FindingLevel.Failed,
                        $"{user} may not {string.Join("; ", missing)}",
                        "helm upgrade with rbac.create, or bind the chart's files/*-rules.yaml"
                    ),
            ];
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Forbidden)
        {
            return [Finding.Skipped(Name, "you may not ask for others' rights")];
        }
    }

    private static async Task<List<string>> MissingAsync(
        Patient patient,
        string user,
        CancellationToken cancellationToken
    )
    {
        List<string> missing = [];
        foreach (var (group, resource, verb) in Needed())
        {
            var parts = resource.Split('/');
            var review = new V1SubjectAccessReview
            {
                Spec = new V1SubjectAccessReviewSpec
                {
                    User = user,
                    ResourceAttributes = new V1ResourceAttributes
                    {
                        Group = group,
                        Resource = parts[0],
                        Subresource = parts.Length > 1 ? parts[1] : "",
                        Verb = verb,
                        NamespaceProperty = patient.Namespace,
                    },
                },
            };
            var answer = await patient.Client.AuthorizationV1.CreateSubjectAccessReviewAsync(
                review,
                cancellationToken: cancellationToken
            );
            if (!answer.Status.Allowed)
            {
                missing.Add($"{verb} {resource}");
            }
        }

        return missing;
    }

    private static IEnumerable<(string Group, string Resource, string Verb)> Needed()
    {
        using var stream = typeof(OperatorRightsCheck).Assembly.GetManifestResourceStream(Rules)!;
        using var reader = new StreamReader(stream);
        var rules = KubernetesYaml.Deserialize<List<V1PolicyRule>>(reader.ReadToEnd());
        return from rule in rules
            from resource in rule.Resources
            from verb in rule.Verbs
            select (rule.ApiGroups[0], resource, verb);
    }
}
