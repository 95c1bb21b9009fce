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
        return context.Environment.Rank > 0
            ? await HelpAsync(context, stop.Token)
            : await BuildAsync(context, stop.Token);
    }

    // The corpus is the first worker's to tell of: the others leave parts of it in the store, and end.
    private static async Task<StageResult> HelpAsync(StageContext context, CancellationToken cancellationToken)
    {
        var help = await WithBuilderAsync(context, builder => builder.HelpAsync(cancellationToken));
        var message = help.WasNeeded
            ? $"made {help.Parts} parts of {help.Prefix}; what else was this worker's share was there"
            : $"nothing to do for {help.Prefix}: it is there, or its source is too small to be shared";
        context.Log.Say(message);
        return new StageResult(ExitCode.Done, message, new Dictionary<string, string>());
    }

    private static async Task<StageResult> BuildAsync(StageContext context, CancellationToken cancellationToken)
    {
        var result = await WithBuilderAsync(context, builder => builder.BuildAsync(cancellationToken));
        // A new lineage: token shards of an earlier corpus must not be trained on.
        await context.WriteLineageAsync(new RunLineage { Corpus = result.Prefix }, cancellationToken);

        var counts = result.Manifest.Counts;
        var message =
            $"{(result.WasBuilt ? "built" : "found")} {result.Prefix}: {counts.Kept} of {counts.Read} documents, "
            + $"{counts.KeptBytes} bytes, {result.ValidationDocuments} documents held out{Findings(counts)}";
        context.Log.Say(message);
        foreach (var notice in result.Notices)
        {
            context.Log.Warn(notice);
        }

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

    private static async Task<T> WithBuilderAsync<T>(StageContext context, Func<CorpusBuilder, Task<T>> act)
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

            var options = CorpusSettings.Of(spec, context.Environment);
            var progress = new StageProgress(context, "documents");
            return await act(new CorpusBuilder(options, source, context.Store, context.Time, progress, benchmarks));
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
