using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Integration.Tests.Runs;
using k8s;
using k8s.Models;

namespace CodeParrot.Integration.Tests.Cluster;

/// <summary>
/// A real Kubernetes API with controllers for the tests of one run, started by <c>tests/cluster/control-plane.sh</c>,
/// with the definition of TrainingRun in it. Pods do not run there: a test writes their status, as a kubelet would.
/// Where it cannot be had, tests skip on a laptop and fail in CI. It ends with this process, however that ends.
/// </summary>
/// <remarks>
/// The distribution's sources give Kubernetes 1.20, which drops the rules in CEL of a definition without a word;
/// <c>make test-cel</c> has a server that knows them.
/// </remarks>
public sealed class ControlPlane : IAsyncLifetime
{
    private static readonly string[] Tools = ["openssl", "curl", "jq"];

    private readonly string _script = Path.Combine(Programs.Root, "tests", "cluster", "control-plane.sh");
    private string? _directory;
    private string? _whyNot;
    private int _namespaceCount;
    private int _userCount;
    private Kubernetes? _client;

    /// <summary>The path of a kubeconfig that may do everything; only after <see cref="Require"/>.</summary>
    public string AdminKubeconfig { get; private set; } = "";

    /// <summary>A client that may do everything.</summary>
    public Kubernetes Client => _client ?? throw new InvalidOperationException("call Require() first");

    /// <summary>True where there is one; otherwise <see cref="Require"/> says what to do.</summary>
    public bool IsThere => _client is not null;

    /// <summary>The API in JSON, for one that may do everything.</summary>
    public JsonApi Api => new(Client);

    public async ValueTask InitializeAsync()
    {
        _whyNot = await WhyNotAsync();
        if (_whyNot is not null)
        {
            return;
        }

        _directory = Directory.CreateTempSubdirectory("codeparrot-plane-").FullName;
        var crd = Path.Combine(Programs.Root, "crds", "trainingruns.codeparrot.dev.yaml");
        AdminKubeconfig = await RunAsync("up", "--crd", crd, "--owner", $"{Environment.ProcessId}");
        _client = NewClient(AdminKubeconfig);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_directory is not null)
        {
            await RunAsync("down");
        }
    }

    /// <summary>Skips the test, or fails it in CI, where there is no control plane.</summary>
    public void Require()
    {
        if (_whyNot is null)
        {
            return;
        }

        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", _whyNot);
        Assert.Skip(_whyNot);
    }

    /// <summary>A client for whom a kubeconfig names.</summary>
    public static Kubernetes NewClient(string kubeconfig) =>
        new(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));

    /// <summary>Makes a namespace that pods can be created in.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> NewNamespaceAsync()
    {
        Require();
        var name = $"test-{Interlocked.Increment(ref _namespaceCount)}";
        var cancel = TestContext.Current.CancellationToken;
        await Client.CoreV1.CreateNamespaceAsync(
            new V1Namespace { Metadata = new V1ObjectMeta { Name = name } },
            cancellationToken: cancel
        );
        // Until a controller has made its default account, the server refuses pods.
        await Patience.UntilAsync(
            async () =>
            {
                var accounts = await Client.CoreV1.ListNamespacedServiceAccountAsync(name, cancellationToken: cancel);
                return accounts.Items.Any(account => account.Metadata.Name == "default");
            },
            $"namespace {name} has no default service account, two minutes later"
        );
        return name;
    }

    /// <summary>
    /// Removes the runs and pods that earlier tests left behind: an operator of the whole cluster would look after
    /// them, and write where a test of another run counts its writes.
    /// </summary>
    public async Task ClearAsync()
    {
        Require();
        foreach (var plural in (string[])["apis/codeparrot.dev/v1alpha1/trainingruns", "api/v1/pods"])
        {
            await Patience.UntilAsync(
                async () => !await RemoveAllAsync(plural),
                $"{plural} of earlier tests are there, two minutes later"
            );
        }
    }

    /// <summary>Makes a kubeconfig with a token of a service account, which must be there.</summary>
    /// <returns>Its path.</returns>
    public Task<string> ServiceAccountKubeconfigAsync(string @namespace, string account) =>
        RunAsync("token-kubeconfig", NextUser(), @namespace, account);

    /// <summary>Makes a kubeconfig with a certificate for a user in a group; RBAC says what they may do.</summary>
    /// <returns>Its path.</returns>
    public Task<string> UserKubeconfigAsync(string user, string group) =>
        RunAsync("cert-kubeconfig", NextUser(), $"/O={group}/CN={user}");

    /// <summary>Kills the API server as a crash would; what was written stays.</summary>
    public Task KillApiServerAsync() => RunAsync("stop-apiserver");

    /// <summary>Starts the killed API server again, on the same port.</summary>
    public Task StartApiServerAsync() => RunAsync("start-apiserver");

    // Nobody is there any more for whom a finalizer or a time of grace would hold them.
    private async Task<bool> RemoveAllAsync(string plural)
    {
        var (group, kind) = (Path.GetDirectoryName(plural), Path.GetFileName(plural));
        var items = (await Api.GetAsync(plural)).Expect(HttpStatusCode.OK).Body["items"]!.AsArray();
        foreach (var metadata in items.Select(item => item!["metadata"]!))
        {
            var path = $"{group}/namespaces/{metadata["namespace"]}/{kind}/{metadata["name"]}";
            await Api.PatchAsync(path, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
            await Api.DeleteAsync(path, new JsonObject { ["gracePeriodSeconds"] = 0 });
        }

        return items.Count > 0;
    }

    private string NextUser() => $"user-{Interlocked.Increment(ref _userCount)}";

    private static async Task<string?> WhyNotAsync()
    {
        var folders = Environment.GetEnvironmentVariable("PATH")!.Split(':');
        var missing = Tools.Where(tool => !folders.Any(folder => File.Exists(Path.Combine(folder, tool)))).ToList();
        if (missing.Count > 0)
        {
            return $"no Kubernetes control plane: install {string.Join(", ", missing)}";
        }

        var build = Path.Combine(Programs.Root, "tests", "cluster", "build-control-plane.sh");
        var where = await Programs.RunAsync("bash", [build, "--where"]);
        return where.ExitCode == 0
            ? null
            : $"no Kubernetes control plane: run make control-plane ({where.Errors.Trim()})";
    }

    private async Task<string> RunAsync(string command, params string[] arguments)
    {
        var result = await Programs.RunAsync("bash", [_script, command, _directory!, .. arguments]);
        Assert.True(
            result.ExitCode == 0,
            $"control-plane.sh {command}: exit {result.ExitCode}\n{result.Output}{result.Errors}"
        );
        return result.Output.Trim();
    }
}
