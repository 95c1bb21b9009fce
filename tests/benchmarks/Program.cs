using CodeParrot.Benchmarks.Distributed;
using CodeParrot.Benchmarks.Model;
using CodeParrot.Benchmarks.Tokenizer;

// Each benchmark measures a baseline in the same run and prints both; docs/experiments.md keeps the figures.
var benchmarks = new Dictionary<string, Func<string[], int>>
{
    ["ring"] = RingBenchmark.Run,
    ["step"] = StepBenchmark.Run,
    ["tokenizer"] = TokenizerBenchmark.Run,
};
if (args.Length > 0 && benchmarks.TryGetValue(args[0], out var benchmark))
{
    return benchmark(args[1..]);
}

Console.Error.WriteLine($"name a benchmark: {string.Join(", ", benchmarks.Keys)}");
return 2;
