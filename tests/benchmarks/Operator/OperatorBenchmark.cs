namespace CodeParrot.Benchmarks.Operator;

/// <summary>
/// The operator's process against a real API server that tests/benchmarks/Operator/run.sh starts; statuses of pods are
/// written by the benchmark.
/// </summary>
internal static class OperatorBenchmark
{
    private const string Usage = """
        operator --kubeconfig FILE --program FILE [--only gang|loss|runs] [--ranks N] [--rounds N] [--losses N]
                 [--runs N] [--seconds N]
        """;

    /// <summary>Runs the parts that are wanted and prints a table.</summary>
    /// <returns>0, or 2 for arguments that make no sense.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (OperatorBenchmarkOptions.Parse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        using var api = new ClusterApi(options.Kubeconfig);
        using var progress = new ProgressPods();
        List<Figure> figures = [];
        (string Name, Func<Task<IReadOnlyList<Figure>>> Run)[] parts =
        [
            ("gang", new GangCreation(api, progress, options).RunAsync),
            ("loss", new GangLoss(api, progress, options).RunAsync),
            ("runs", new ManyRuns(api, progress, options).RunAsync),
        ];
        foreach (var (name, run) in parts.Where(p => options.Wants(p.Name)))
        {
            Console.WriteLine($"{name} … (load {Load()})");
            var found = await run();
            found.ToList().ForEach(Console.WriteLine);
            figures.AddRange(found);
        }

        Console.WriteLine(Figure.Head);
        figures.ForEach(Console.WriteLine);
        Console.WriteLine($"load {Load()}, {Environment.ProcessorCount} processors");
        return 0;
    }

    private static string Load() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);
}
