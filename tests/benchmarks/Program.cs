using CodeParrot.Benchmarks.Checkpoints;
using CodeParrot.Benchmarks.Corpus;
using CodeParrot.Benchmarks.Data;
using CodeParrot.Benchmarks.Distributed;
using CodeParrot.Benchmarks.Model;
using CodeParrot.Benchmarks.Operator;
using CodeParrot.Benchmarks.Tokenizer;

// Each benchmark measures a baseline in the same run and prints both; docs/experiments.md keeps the figures.
var benchmarks = new Dictionary<string, Func<string[], Task<int>>>
{
    ["checkpoint"] = CheckpointBenchmark.RunAsync,
    ["near"] = NearDuplicatesBenchmark.RunAsync,
    ["data"] = DataOrderBenchmark.RunAsync,
    ["operator"] = OperatorBenchmark.RunAsync,
    ["ranks"] = options => Task.FromResult(RanksBenchmark.Run(options)),
    ["ring"] = options => Task.FromResult(RingBenchmark.Run(options)),
    ["secrets"] = options => Task.FromResult(SecretsBenchmark.Run(options)),
    ["step"] = options => Task.FromResult(StepBenchmark.Run(options)),
    ["corpus"] = WorkersBenchmark.RunAsync,
    ["tokenizer"] = options => Task.FromResult(TokenizerBenchmark.Run(options)),
};
if (args.Length > 0 && benchmarks.TryGetValue(args[0], out var benchmark))
{
    return await benchmark(args[1..]);
}

Console.Error.WriteLine($"name a benchmark: {string.Join(", ", benchmarks.Keys)}");
return 2;
