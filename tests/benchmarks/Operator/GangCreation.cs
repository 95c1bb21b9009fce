using System.Diagnostics;
using System.Text.Json;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Benchmarks.Operator;

/// <summary>
/// The rate at which pods of a gang come to be, the operator's and a bare client's in turn, from the first pod that a
/// watch tells of to the last. The bare client sends the same pods, serialised beforehand, as many at once.
/// </summary>
/// <param name="api">The server.</param>
/// <param name="progress">Answers of pods.</param>
/// <param name="options">Ranks and rounds.</param>
internal sealed class GangCreation(ClusterApi api, ProgressPods progress, OperatorBenchmarkOptions options)
{
    private const string Ours = "gang";
    private const string Bare = "gang-bare";

    private static readonly ManifestOptions Manifests = new() { Image = "trainer" };

    /// <summary>Measures; the first round, in which all sides warm up, does not count.</summary>
    public async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await api.CreateNamespaceAsync(Ours);
        await api.CreateNamespaceAsync(Bare);
        await using var kubelet = new FakeKubelet(api, Ours, progress);
        kubelet.Start();
        await using var ours = new PodWatch(api, Ours, kubelet.Hear);
        await using var bare = new PodWatch(api, Bare, _ => { });
        await using var process = await OperatorProcess.StartAsync(options, Ours);
        List<double> rates = [];
        List<double> baselines = [];
        TrainingRun? template = null;
        for (var round = 0; round <= options.Rounds; round++)
        {
            var name = $"round-{round}";
            if (template is not null && round % 2 == 0)
            {
                baselines.Add(await CreateBareAsync(bare, template, name));
            }

            rates.Add(await CreateOursAsync(ours, name));
            template ??= await ReadAsync(Ours, name);
            if (baselines.Count < rates.Count)
            {
                baselines.Add(await CreateBareAsync(bare, template, name));
            }
        }

        var what = $"gang of {options.Ranks}: pods created a second";
        return [new Figure(what, rates[1..], baselines[1..], ">= 0.8 x")];
    }

    private async Task<double> CreateOursAsync(PodWatch watch, string name)
    {
        await api.CreateAsync(ClusterApi.Runs(Ours), RunBodies.Of(name, options.Ranks));
        return RateOf(await watch.WaitAsync(name, StageNames.Train, 1, "ADDED", options.Ranks));
    }

    private async Task<double> CreateBareAsync(PodWatch watch, TrainingRun template, string name)
    {
        await api.CreateAsync(ClusterApi.Runs(Bare), RunBodies.Of(name, options.Ranks));
        var owner = await ReadAsync(Bare, name);
        var run = template with { Metadata = owner.Metadata };
        var pods = Enumerable
            .Range(0, options.Ranks)
            .Select(i => PodManifest.Build(run, PodBuilder.Build(run, i), Manifests))
            .Select(p => JsonSerializer.SerializeToUtf8Bytes(p))
            .ToList();
        await Waiting.ForAllAsync(pods, PlanExecutor.MaxParallel, p => api.CreateAsync(ClusterApi.Pods(Bare), p));
        return RateOf(await watch.WaitAsync(name, StageNames.Train, 1, "ADDED", options.Ranks));
    }

    private async Task<TrainingRun> ReadAsync(string ns, string name) =>
        (await api.GetAsync($"{ClusterApi.Runs(ns)}/{name}"))!.Deserialize<TrainingRun>(ApiJson.Compact)!;

    private static double RateOf(IReadOnlyList<PodEvent> added) =>
        (added.Count - 1) / Stopwatch.GetElapsedTime(added[0].At, added[^1].At).TotalSeconds;
}
