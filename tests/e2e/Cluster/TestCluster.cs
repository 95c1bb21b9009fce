using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.EndToEnd.Tests.Monitoring;
using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Integration.Tests.Runs;
using CodeParrot.Integration.Tests.Storage;
using k8s;

namespace CodeParrot.EndToEnd.Tests.Cluster;

/// <summary>
/// A Kubernetes cluster with the chart installed, an S3 server that its pods reach, and a Prometheus that scrapes them:
/// a node of our own on this machine, or the cluster of a kubeconfig. All tests share it.
/// </summary>
public sealed class TestCluster : IAsyncLifetime
{
    /// <summary>GPUs that our own node claims.</summary>
    public const int GpuCount = 4;

    /// <summary>How long commands may take that wait for a run or a rollout, and have a limit of their own.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private const string SystemNamespace = "codeparrot-system";
    private const string Credentials = "store-credentials";

    private readonly List<string> _namespaces = [];
    private Node? _node;
    private Kubernetes? _client;
    private Release? _release;
    private S3Server? _store;
    private PrometheusServer? _prometheus;

    /// <summary>How the tests were called.</summary>
    public EndToEndOptions Options { get; } = EndToEndOptions.Read();

    /// <summary>The path of a kubeconfig that may do everything.</summary>
    public string Kubeconfig { get; private set; } = "";

    /// <summary>The API server.</summary>
    public JsonApi Api => new(_client!);

    /// <summary>The S3 server.</summary>
    internal S3Server Store => _store!;

    /// <summary>The release that looks after all namespaces.</summary>
    internal Release Release => _release!;

    /// <summary>The server that scrapes pods of runs.</summary>
    internal PrometheusServer Prometheus => _prometheus!;

    /// <summary>The S3 server's address, for pods.</summary>
    public string StoreEndpoint { get; private set; } = "";

    /// <summary>Bucket of all tests.</summary>
    public string Bucket { get; } = $"codeparrot-e2e-{Guid.NewGuid():N}"[..32];

    /// <summary>Folder for what a person reads after a failure.</summary>
    public string Results => Path.Combine(Programs.Root, Options.Results);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Results);
        if (Options.OwnNode)
        {
            var archives = Path.Combine(Programs.Root, Options.Archives);
            _node = await Node.StartAsync(
                [Path.Combine(archives, "operator.tar"), Path.Combine(archives, "trainer-cpu.tar")],
                GpuCount,
                Results
            );
        }

        Kubeconfig = _node?.Kubeconfig ?? Options.Kubeconfig;
        _client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));
        await StartStoreAsync();
        await NewNamespaceAsync(SystemNamespace);
        _release = new Release(
            this,
            SystemNamespace,
            $"test.store.uri=s3://{Bucket}/chart-test",
            $"test.store.endpoint={StoreEndpoint}",
            $"test.store.credentialsSecret={Credentials}"
        );
        await _release.InstallAsync();
        if (Options.OwnNode)
        {
            _prometheus = await PrometheusServer.StartAsync(this);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_prometheus is not null)
        {
            await _prometheus.DisposeAsync();
        }

        if (_client is not null)
        {
            await RecordAsync();
        }

        if (_release is not null)
        {
            await _release.UninstallAsync();
        }

        foreach (var name in _namespaces)
        {
            await KubectlAsync("delete", "namespace", name, "--ignore-not-found", "--timeout=5m");
        }

        _client?.Dispose();
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    /// <summary>Makes a namespace that demands the restricted profile, with the store's credentials in it.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> NewNamespaceAsync(string name)
    {
        var labels = new JsonObject
        {
            ["pod-security.kubernetes.io/enforce"] = "restricted",
            ["pod-security.kubernetes.io/warn"] = "restricted",
        };
        var space = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels },
        };
        (await Api.CreateAsync("api/v1/namespaces", space)).Expect(HttpStatusCode.Created);
        _namespaces.Add(name);
        var secret = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = Credentials },
            ["stringData"] = new JsonObject
            {
                ["AWS_ACCESS_KEY_ID"] = Store.AccessKey,
                ["AWS_SECRET_ACCESS_KEY"] = Store.SecretKey,
            },
        };
        (await Api.CreateAsync($"api/v1/namespaces/{name}/secrets", secret)).Expect(HttpStatusCode.Created);
        return name;
    }

    /// <summary>The spec's <c>store</c> for a prefix of the bucket.</summary>
    public JsonObject StoreSpec(string prefix) =>
        new()
        {
            ["uri"] = $"s3://{Bucket}/{prefix}",
            ["endpoint"] = StoreEndpoint,
            ["credentialsSecret"] = Credentials,
        };

    /// <summary>Runs kubectl, which must succeed.</summary>
    public async Task<string> KubectlAsync(params string[] arguments)
    {
        var result = await Programs.RunAsync("kubectl", ["--kubeconfig", Kubeconfig, .. arguments], patience: Patience);
        Assert.True(result.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    /// <summary>Kills a container's first process, as the kernel would; only on a node of our own.</summary>
    /// <param name="id">As in a pod's status.</param>
    public Task KillContainerAsync(string id) => _node!.KillContainerAsync(id.Split('/')[^1]);

    private async Task StartStoreAsync()
    {
        _store = new S3Server { Address = _node?.HostAddress ?? "" };
        await _store.InitializeAsync();
        _store.Require();
        StoreEndpoint = _node is null
            ? _store.Endpoint
            : _store.Endpoint.Replace("127.0.0.1", _node.HostAddress, StringComparison.Ordinal);
        using var client = _store.NewClient();
        await client.PutBucketAsync(Bucket);
        await client.PutObjectAsync(
            new Amazon.S3.Model.PutObjectRequest
            {
                BucketName = Bucket,
                Key = "sources/corpus.jsonl",
                FilePath = Path.Combine(Programs.Root, "tests", "parity", "reference", "corpus.jsonl"),
                UseChunkEncoding = false,
            }
        );
    }

    private async Task RecordAsync()
    {
        await WriteAsync("runs.yaml", "get", "trainingruns", "--all-namespaces", "-o", "yaml");
        await WriteAsync("pods.yaml", "get", "pods", "--all-namespaces", "-o", "yaml");
        await WriteAsync("events.txt", "get", "events", "--all-namespaces", "--sort-by=.metadata.creationTimestamp");
    }

    private async Task WriteAsync(string file, params string[] arguments)
    {
        var result = await Programs.RunAsync("kubectl", ["--kubeconfig", Kubeconfig, .. arguments]);
        await File.WriteAllTextAsync(Path.Combine(Results, file), result.Output + result.Errors);
    }
}
