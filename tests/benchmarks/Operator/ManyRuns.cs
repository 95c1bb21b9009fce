using System.Text.Json;
using System.Text.Json.Nodes;

namespace CodeParrot.Benchmarks.Operator;

/// <summary>
/// The operator with many running runs: its memory, what it writes while nothing happens, and how long a pass takes
/// that changes nothing. Baselines: the same process with no run, and with one.
/// </summary>
/// <param name="api">The server.</param>
/// <param name="progress">Answers of pods.</param>
/// <param name="options">Runs, and seconds of steady state.</param>
internal sealed class ManyRuns(ClusterApi api, ProgressPods progress, OperatorBenchmarkOptions options)
{
    private const string Space = "many";
    private const int Ranks = 4;
    private const int AtOnce = 8;
    private const int Touches = 200;
    private const int Settle = 5;

    private int _touched;

    /// <summary>Measures.</summary>
    public async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await api.CreateNamespaceAsync(Space);
        await using var kubelet = new FakeKubelet(api, Space, progress) { RunsRanks = true };
        kubelet.Start();
        await using var watch = new PodWatch(api, Space, kubelet.Hear);
        List<Figure> figures = [];
        var process = await OperatorProcess.StartAsync(options, Space);
        await using (process)
        {
            await Waiting.SecondsAsync(Settle);
            double[] empty = [process.ResidentMib];
            await CreateAsync(process, 0, 1);
            // The first passes are compiled as they come.
            await TouchAsync(process, 1);
            double[] alone = [await TouchAsync(process, 1)];
            await CreateAsync(process, 1, options.Runs);
            var (writes, cpu) = await RestAsync(process);
            var what = $"{options.Runs} runs x {Ranks} ranks";
            figures.Add(new Figure($"{what}: resident MiB after all began", [process.ResidentMib], empty, "<= 150"));
            figures.Add(new Figure($"{what}: most resident MiB", [process.PeakMib], empty, "–"));
            figures.Add(new Figure($"{what}: writes in {options.Seconds} s of rest", [writes], [], "0"));
            figures.Add(new Figure($"{what}: CPU ms a second at rest", [cpu], [], "–"));
            var pass = await TouchAsync(process, options.Runs);
            figures.Add(new Figure($"{what}: pass without a change, ms", [pass], alone, "< 1"));
            figures.Add(new Figure($"{what}: resident MiB at the end", [process.ResidentMib], empty, "<= 150"));
        }

        await using var second = await OperatorProcess.StartAsync(options, Space);
        await Waiting.UntilQuietAsync(second);
        figures.Add(new Figure("the same after a restart: resident MiB", [second.ResidentMib], [], "<= 150"));
        return figures;
    }

    private async Task CreateAsync(OperatorProcess process, int from, int to)
    {
        await Waiting.ForAllAsync(
            Enumerable.Range(from, to - from),
            AtOnce,
            i => api.CreateAsync(ClusterApi.Runs(Space), RunBodies.Of($"run-{i}", Ranks))
        );
        await Waiting.UntilAsync(
            async () => (await process.ScrapeAsync()).RunsIn("Running") >= to,
            $"{to} runs are running"
        );
        await Waiting.UntilQuietAsync(process);
    }

    private async Task<(double Writes, double CpuMs)> RestAsync(OperatorProcess process)
    {
        var (before, cpu) = (await process.ScrapeAsync(), process.Cpu);
        await Waiting.SecondsAsync(options.Seconds);
        var after = await process.ScrapeAsync();
        var spent = (process.Cpu - cpu).TotalMilliseconds / options.Seconds;
        Console.WriteLine($"  at rest: {after.LeaseWriteCount - before.LeaseWriteCount:0} writes of the lease");
        return (after.WriteCount - before.WriteCount, spent);
    }

    // An annotation that means nothing brings each run up for a pass.
    private async Task<double> TouchAsync(OperatorProcess process, int runs)
    {
        var before = await process.ScrapeAsync();
        for (var round = 0; round < Math.Max(1, Touches / runs); round++)
        {
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["touched"] = $"{++_touched}" } },
            };
            var body = JsonSerializer.SerializeToUtf8Bytes(patch);
            var path = ClusterApi.Runs(Space);
            await Waiting.ForAllAsync(Enumerable.Range(0, runs), AtOnce, i => api.PatchAsync($"{path}/run-{i}", body));
        }

        await Waiting.UntilAsync(
            async () => (await process.ScrapeAsync()).UnchangedCount >= before.UnchangedCount + runs,
            "touched runs were looked at"
        );
        return (await process.ScrapeAsync()).MedianUnchangedMs(before);
    }
}
