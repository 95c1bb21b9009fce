using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Integration.Tests.Runs;
using k8s;
using k8s.Models;

namespace CodeParrot.Integration.Tests.Operator;

/// <summary>
/// Service accounts that may do exactly what the chart's files say: a verb that is missing there fails the tests.
/// </summary>
/// <param name="plane">Where they are made.</param>
internal sealed class OperatorAccount(ControlPlane plane)
{
    private const string Name = "codeparrot-operator";

    /// <summary>
    /// Makes an account of a cluster-wide operator, in a namespace of its own, and removes what earlier tests left.
    /// </summary>
    /// <returns>A kubeconfig, and the namespace.</returns>
    public async Task<(string Kubeconfig, string Namespace)> OfClusterAsync()
    {
        await plane.ClearAsync();
        var home = await NewAccountAsync();
        await AllowEverywhereAsync(home, "operator");
        await AllowEverywhereAsync(home, "node-reader");
        await AllowEverywhereAsync(home, "coscheduling");
        await AllowEverywhereAsync(home, "native-gang");
        await AllowAsync(home, home, "leader");
        return (await plane.ServiceAccountKubeconfigAsync(home, Name), home);
    }

    /// <summary>Makes an account of an operator that looks after one namespace.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="readsNodes">Whether it has the optional role that lets it ask for nodes.</param>
    public async Task<(string Kubeconfig, string Namespace)> OfNamespaceAsync(string space, bool readsNodes)
    {
        var home = await NewAccountAsync();
        await AllowAsync(home, space, "operator");
        await AllowAsync(home, home, "leader");
        if (readsNodes)
        {
            await AllowEverywhereAsync(home, "node-reader");
        }

        return (await plane.ServiceAccountKubeconfigAsync(home, Name), home);
    }

    /// <summary>The rules of one of the chart's files.</summary>
    public static IReadOnlyList<V1PolicyRule> Rules(string file)
    {
        var path = Path.Combine(Programs.Root, "charts", "codeparrot", "files", $"{file}-rules.yaml");
        return KubernetesYaml.Deserialize<List<V1PolicyRule>>(File.ReadAllText(path));
    }

    private async Task<string> NewAccountAsync()
    {
        var home = await plane.NewNamespaceAsync();
        await plane.Client.CoreV1.CreateNamespacedServiceAccountAsync(
            new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = Name } },
            home
        );
        return home;
    }

    private async Task AllowEverywhereAsync(string home, string file)
    {
        var metadata = new V1ObjectMeta { Name = $"{home}-{file}" };
        await plane.Client.RbacAuthorizationV1.CreateClusterRoleAsync(
            new V1ClusterRole { Metadata = metadata, Rules = [.. Rules(file)] }
        );
        await plane.Client.RbacAuthorizationV1.CreateClusterRoleBindingAsync(
            new V1ClusterRoleBinding
            {
                Metadata = metadata,
                RoleRef = Reference("ClusterRole", metadata.Name),
                Subjects = [Subject(home)],
            }
        );
    }

    private async Task AllowAsync(string home, string space, string file)
    {
        var metadata = new V1ObjectMeta { Name = $"{home}-{file}" };
        await plane.Client.RbacAuthorizationV1.CreateNamespacedRoleAsync(
            new V1Role { Metadata = metadata, Rules = [.. Rules(file)] },
            space
        );
        await plane.Client.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(
            new V1RoleBinding
            {
                Metadata = metadata,
                RoleRef = Reference("Role", metadata.Name),
                Subjects = [Subject(home)],
            },
            space
        );
    }

    private static V1RoleRef Reference(string kind, string name) =>
        new()
        {
            ApiGroup = "rbac.authorization.k8s.io",
            Kind = kind,
            Name = name,
        };

    private static Rbacv1Subject Subject(string home) =>
        new()
        {
            Kind = "ServiceAccount",
            Name = Name,
            NamespaceProperty = home,
        };
}
