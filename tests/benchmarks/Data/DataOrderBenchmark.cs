using System.Diagnostics;
using System.Globalization;
using CodeParrot.Contract.Spec;
using CodeParrot.Corpus;
using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Training.Data.Streaming;

namespace CodeParrot.Benchmarks.Data;

/// <summary>
/// What training waits for before its first step, and while it runs: with token shards of the whole corpus (Shuffled)
/// against documents that are tokenised meanwhile (Streamed). They alternate in one process.
/// </summary>
public static class DataOrderBenchmark
{
    private const int Time = 1024;
    private const int Window = 1024;

    /// <summary><c>[folder] [rounds] [steps]</c>: Python below the folder is the corpus.</summary>
    /// <returns>0.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var folder = args.Length > 0 ? args[0] : "/usr/lib/python3";
        var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
        var steps = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 20;
        using var inputs = await DataInputs.MakeAsync(folder);
        Console.WriteLine($"{inputs.Corpus.Counts.KeptBytes / 1e6:f1} MB in {inputs.Corpus.Train.Count} shards");
        for (var round = 0; round < rounds; round++)
        {
            foreach (var order in new[] { DataOrder.Shuffled, DataOrder.Streamed })
                Print(order, await MeasuredRun.TrainAsync(inputs, order, steps));
        }
        for (var round = 0; round < rounds; round++)
            ReadAll(inputs, threads: 1 + (round % 2));
        return 0;
    }

    private static void Print(DataOrder order, MeasuredRun run) =>
        Console.WriteLine(
            $"{order, -9} tokens stage {run.StageSeconds, 6:f2} s, first step after {run.FirstStepSeconds, 6:f2} s, "
                + $"{run.Summary.TokensPerSecond, 7:f0} tokens/s, waits for data {run.Summary.DataWait, 6:P2}, "
                + $"{run.CpuSeconds, 6:f2} cpu-s, token shards {run.ShardBytes / 1e6, 6:f1} MB"
        );

    // As fast as a rank could be fed if it computed nothing.
    private static void ReadAll(DataInputs inputs, int threads)
    {
        var shards = inputs.Corpus.ShardsOf(CorpusSplit.Train);
        var files = new DocumentShardFiles(inputs.Store, inputs.Lineage.Corpus, inputs.Folder);
        var encoder = new ShardEncoder(inputs.Encoder, TokenKind.Documents, threads, Time);
        var order = new ShardOrder(seed: 1, shards.Count);
        using var sequences = new StreamedSequences(
            (cursor, stop) => new BlockReader(new DocumentStream(shards, files, encoder, order, cursor, stop), cursor),
            Time,
            Window,
            keptSequences: 64,
            StreamState.Start
        );
        var ids = new long[Time];
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var start = TimeProvider.System.GetTimestamp();
        sequences.CopySequence(0, ids);
        var first = TimeProvider.System.GetElapsedTime(start);
        const int Count = 16 * Window;
        var allocated = GC.GetTotalAllocatedBytes();
        for (var index = 1L; index < Count; index++)
            sequences.CopySequence(index, ids);
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        var cpuSeconds = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        Console.WriteLine(
            $"read only, {threads} threads: first sequence after {first.TotalSeconds:f2} s, "
                + $"{(double)Count * Time / seconds / 1e6:f2} M tokens/s, "
                + $"{(double)Count * Time / cpuSeconds / 1e6:f2} M tokens a cpu-s, "
                + $"{(GC.GetTotalAllocatedBytes() - allocated) / ((double)Count * Time):f1} bytes allocated a token, "
                + $"{GC.GetTotalMemory(forceFullCollection: true) >> 20} MiB live"
        );
    }
}
