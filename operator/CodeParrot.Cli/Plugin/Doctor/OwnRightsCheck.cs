using k8s;
using k8s.Models;

namespace CodeParrot.Cli.Plugin.Doctor;

/// <summary>Whoever types the commands may do what they do.</summary>
internal sealed class OwnRightsCheck : IDoctorCheck
{
    private const string Group = "codeparrot.dev";

    private static readonly (string Group, string Resource, string Subresource, string Verb, string For)[] Needed =
    [
        (Group, "trainingruns", "", "list", "get, watch"),
        (Group, "trainingruns", "", "patch", "run, rollback, promote, suspend, resume, checkpoint now"),
        ("", "pods", "", "list", "watch, logs"),
        ("", "pods", "log", "get", "logs, generate"),
        ("", "pods", "", "create", "generate, doctor"),
        ("", "pods", "", "delete", "generate, doctor"),
    ];

    /// <inheritdoc/>
    public string Name => "your rights";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(Patient patient, CancellationToken cancellationToken)
    {
        List<string> missing = [];
        foreach (var need in Needed)
        {
            var review = new V1SelfSubjectAccessReview
            {
                Spec = new V1SelfSubjectAccessReviewSpec
                {
                    ResourceAttributes = new V1ResourceAttributes
                    {
                        Group = need.Group,
                        Resource = need.Resource,
                        Subresource = need.Subresource,
                        Verb = need.Verb,
                        NamespaceProperty = patient.Namespace,
                    },
                },
            };
            var answer = await patient.Client.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(
                review,
                cancellationToken: cancellationToken
            );
            if (!answer.Status.Allowed)
            {
                var resource = need.Resource + (need.Subresource.Length > 0 ? "/" + need.Subresource : "");
                missing.Add($"{need.Verb} {resource} (for {need.For})");
            }
        }

        return
        [
            missing.Count == 0
                ? Finding.Ok(Name, $"all commands, in namespace {patient.Namespace}")
                : new Finding(
                    Name,
                    FindingLevel.Warning,
                    $"in namespace {patient.Namespace} you may not {string.Join("; ", missing)}",
                    "ask for the cluster's role edit, which the chart adds TrainingRun to"
                ),
        ];
    }
}
