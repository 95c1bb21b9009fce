using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Corpus;
using CodeParrot.Corpus.Readers;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Stages;

/// <summary>Raw source → filtered documents in the store.</summary>
internal static class CorpusStage
{
    public static async Task<StageResult> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.StopRequested);
        var spec = context.Spec.Corpus;
        using var source = CorpusSource.Open(
            context.Access.InputOptions(context.Spec.Store, spec.Source.Uri, spec.Source.Endpoint),
            context.Time
        );
        var options = CorpusSettings.Of(spec, context.Environment.WorkFolder);
        var progress = new StageProgress(context, "documents");
        var builder = new CorpusBuilder(options, source, context.Store, context.Time, progress);
        var result = await builder.BuildAsync(stop.Token);
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

    private static string Findings(CorpusCounts counts) =>
        counts.NearDuplicates is { } near
            ? $"; {near.Dropped} near duplicates dropped, the largest of {near.Groups} groups had {near.Largest}"
            : "";
}
