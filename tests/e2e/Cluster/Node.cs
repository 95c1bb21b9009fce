using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.EndToEnd.Tests.Cluster;

/// <summary>A node of our own (<c>tests/cluster/node.sh</c>). It ends with this process, however that ends.</summary>
internal sealed class Node : IAsyncDisposable
{
    private static readonly string _script = Path.Combine(Programs.Root, "tests", "cluster", "node.sh");

    private readonly string _folder;
    private readonly string _results;

    private Node(string folder, string results) => (_folder, _results) = (folder, results);

    /// <summary>A kubeconfig that may do everything.</summary>
    public string Kubeconfig => Path.Combine(_folder, "admin.kubeconfig");

    /// <summary>This machine's address, as pods see it.</summary>
    public required string HostAddress { get; init; }

    /// <summary>Starts one, with images and GPUs that it only claims.</summary>
    public static async Task<Node> StartAsync(IEnumerable<string> archives, int gpuCount, string results)
    {
        // The path is part of a socket's address, which is short.
        var folder = Directory.CreateTempSubdirectory("codeparrot-e2e-").FullName;
        await RunAsync("up", folder, "--owner", $"{Environment.ProcessId}");
        var address = (await RunAsync("env", folder))
            .Split('\n')
            .Single(l => l.StartsWith("HOST_IP=", StringComparison.Ordinal));
        var node = new Node(folder, results) { HostAddress = address["HOST_IP=".Length..] };
        await RunAsync("images", folder, [.. archives]);
        await RunAsync("gpus", folder, $"{gpuCount}");
        return node;
    }

    /// <summary>Kills a container's first process.</summary>
    public Task KillContainerAsync(string id) => RunAsync("kill", _folder, id);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Programs.RunAsync("cp", ["-r", Path.Combine(_folder, "log"), Path.Combine(_results, "node")]);
        await Programs.RunAsync(
            "cp",
            ["-r", Path.Combine(_folder, "node", "pod-logs"), Path.Combine(_results, "pods")]
        );
        await RunAsync("down", _folder);
    }

    private static async Task<string> RunAsync(string command, string folder, params string[] arguments)
    {
        var result = await Programs.RunAsync("bash", [_script, command, folder, .. arguments]);
        Assert.True(result.ExitCode == 0, $"node.sh {command}: {result}");
        return result.Output.Trim();
    }
}
