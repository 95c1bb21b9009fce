using System.Collections.Concurrent;
using System.Reflection;
using CodeParrot.Integration.Tests.Cluster;

namespace CodeParrot.Integration.Tests.Operator;

/// <summary>
/// One operator with the chart's rights, and all stories at once before it: they mostly wait, and each alone would cost
/// the start of an operator.
/// </summary>
public sealed class StoryFixture(ControlPlane plane) : IAsyncLifetime
{
    // Deletions of whole namespaces come last: they make refusals that are nobody's mistake.
    private const string LastStories = "NamespaceStories";

    private readonly ConcurrentDictionary<string, Task> _stories = new();
    private readonly TaskCompletionSource _othersDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Scene? _scene;
    private OperatorProcess? _operator;

    /// <summary>Names of all stories.</summary>
    public static TheoryData<string> Names => [.. Stories().Select(NameOf).Order(StringComparer.Ordinal)];

    /// <summary>The operator.</summary>
    internal OperatorProcess Operator => _operator!;

    /// <summary>The operator's count of its requests, after all stories but the last.</summary>
    public IReadOnlyList<string> Requests { get; private set; } = [];

    /// <summary>True where not all stories are told.</summary>
    public bool IsPartial => _stories.Count < Stories().Count();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!plane.IsThere)
        {
            return;
        }

        _scene = new Scene(plane);
        var (kubeconfig, home) = await new OperatorAccount(plane).OfClusterAsync();
        _operator = OperatorProcess.Start(kubeconfig, _scene, "--own-namespace", home);
        await _operator.UntilReadyAsync();
        var only = Environment.GetEnvironmentVariable("STORY");
        foreach (var story in Stories().Where(s => only is null || NameOf(s).Contains(only, StringComparison.Ordinal)))
        {
            _stories[NameOf(story)] = TellAsync(story);
        }

        _ = FinishAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_operator is not null)
        {
            await _operator.DisposeAsync();
            await _scene!.DisposeAsync();
        }
    }

    /// <summary>Waits for the end of a story, and fails as it does.</summary>
    public async Task EndOfAsync(string name)
    {
        plane.Require();
        Assert.SkipUnless(_stories.ContainsKey(name), "another story was asked for");
        await _stories[name];
    }

    /// <summary>Waits for the end of all stories but the last, however they end.</summary>
    public async Task EndOfAllAsync()
    {
        plane.Require();
        await _othersDone.Task;
    }

    /// <summary>Fails where pods of any run were not as they must be.</summary>
    public void CheckGangs()
    {
        GangInvariants.Check(_scene!.Kubelet.Pods);
        Assert.Empty(_scene.Kubelet.Mistakes);
    }

    private async Task FinishAsync()
    {
        foreach (var story in _stories.Where(s => !IsLast(s.Key)))
        {
            await Task.WhenAny(story.Value);
        }

        Requests = await _operator!.MetricsAsync("codeparrot_operator_api_requests_total{");
        _othersDone.SetResult();
    }

    private static bool IsLast(string name) => name.StartsWith(LastStories, StringComparison.Ordinal);

    private async Task TellAsync(MethodInfo story)
    {
        await Task.Yield();
        if (IsLast(NameOf(story)))
        {
            await _othersDone.Task;
        }

        try
        {
            await (Task)story.Invoke(null, [_scene])!;
        }
        catch (Exception e)
        {
            var said = _operator!.Log.Where(l => !l.Contains("\"Information\"", StringComparison.Ordinal)).TakeLast(20);
            throw new InvalidOperationException($"{e.Message}\nthe operator said: {string.Join('\n', said)}", e);
        }
    }

    private static IEnumerable<MethodInfo> Stories() =>
        typeof(StoryFixture)
            .Assembly.GetTypes()
            .Where(t => t.Namespace == $"{typeof(StoryFixture).Namespace}.Stories")
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(m => m.ReturnType == typeof(Task));

    private static string NameOf(MethodInfo story) => $"{story.DeclaringType!.Name}: {story.Name.Replace('_', ' ')}";
}
