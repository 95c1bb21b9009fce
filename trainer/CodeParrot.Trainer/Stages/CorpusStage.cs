using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Corpus;
using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Readers;
using CodeParrot.Storage;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Stages;

/// <summary>Raw source → filtered documents in the store.</summary>
internal static class CorpusStage
{
    public static async Task<StageResult> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.StopRequested);
        var result = await BuildAsync(context, stop.Token);
        // A new lineage: token shards of an earlier corpus must not be trained on.
        await context.WriteLineageAsync(new RunLineage { Corpus = result.Prefix }, stop.Token);

        var counts = result.Manifest.Counts;
        var message =
            $"{(result.WasBuilt ? "built" : "found")} {result.Prefix}: {counts.Kept} of {counts.Read} documents, "
            + $"{counts.KeptBytes} bytes, {result.ValidationDocuments} documents held out{Findings(counts)}";
        context.Log.Say(message);
        foreach (var bad in result.Manifest.Bad)
        {
            context.Log.Warn($"not read: {bad}");
        }

        context.Report(message, counts.Kept, counts.Kept, "documents", now: true);
        return new StageResult(
            ExitCode.Done,
            message,
            new Dictionary<string, string>
            {
                ["corpus"] = result.Prefix,
                ["documents"] = $"{counts.Kept}",
                ["validationDocuments"] = $"{result.ValidationDocuments}",
                ["badDocuments"] = $"{counts.Bad}",
                ["bytes"] = $"{counts.KeptBytes}",
            }
        );
    }

    private static async Task<CorpusResult> BuildAsync(StageContext context, CancellationToken cancellationToken)
    {
        var (store, spec) = (context.Spec.Store, context.Spec.Corpus);
        using var source = Open(context, context.Access.InputOptions(store, spec.Source.Uri, spec.Source.Endpoint));
        var benchmarks = new List<ISourceTree>();
        try
        {
            foreach (var uri in spec.Decontaminate)
            {
                benchmarks.Add(Open(context, context.Access.InputOptions(store, uri)));
            }

            var options = CorpusSettings.Of(spec, context.Environment.WorkFolder);
            var progress = new StageProgress(context, "documents");
            var builder = new CorpusBuilder(options, source, context.Store, context.Time, progress, benchmarks);
            return await builder.BuildAsync(cancellationToken);
        }
        finally
        {
            benchmarks.ForEach(benchmark => benchmark.Dispose());
        }
    }

    private static ISourceTree Open(StageContext context, StoreOptions options) =>
        CorpusSource.Open(options, context.Time);

    private static string Findings(CorpusCounts counts)
    {
        var findings = new List<string>();
        if (counts.Benchmarks is { } benchmarks)
        {
            var dropped = counts.Dropped.GetValueOrDefault(DropReason.Benchmark);
            findings.Add(
                $"; {dropped} dropped that hold {benchmarks.Documents.Count} of {benchmarks.Problems} problems of "
                    + "benchmarks"
            );
        }

        if (counts.Secrets is { } secrets)
        {
            findings.Add($"; {secrets.Found.Values.Sum()} secrets in {secrets.Documents} documents");
        }

        if (counts.NearDuplicates is { } near)
        {
            findings.Add(
                $"; {near.Dropped} near duplicates dropped, the largest of {near.Groups} groups had {near.Largest}"
            );
        }

        return string.Concat(findings);
    }
}
