using System.Text;
using CodeParrot.Checkpoints;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Evaluation;
using CodeParrot.Evaluation.Curves;
using CodeParrot.Evaluation.Metrics;
using CodeParrot.Evaluation.Reports;
using CodeParrot.Model;
using CodeParrot.Model.Generation;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Storage;
using CodeParrot.Tokenizer;
using CodeParrot.Trainer.Hosting;
using CodeParrot.Trainer.HumanEval;
using CodeParrot.Trainer.Store;
using CodeParrot.Training.HeldOut;
using TorchSharp;

namespace CodeParrot.Trainer.Stages;

/// <summary>
/// A checkpoint → loss and perplexity on held-out text, completions, a loss curve, HumanEval, a report.
/// </summary>
internal static class EvaluateStage
{
    private const int CompletionTokens = 96;
    private const int ShownCharacters = 400;
    private const int ShownLines = 12;

    public static async Task<StageResult> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.StopRequested);
        var token = stop.Token;
        var metadata = context.Manifest.Metadata;
        var run = context.Run;
        var entry = await run.FindCurrentAsync(context.Environment, token);
        var work = context.Environment.WorkFolder;
        var folder = Path.Combine(work, "model");
        await StoreFolder.DownloadAsync(context.Store, entry.Prefix, folder, token);
        FastProducts.Prepare(context.Environment, context.Log.Say);
        torch.set_num_threads(TrainStage.Threads(context));
        using var model = HuggingFaceFolder.Load(folder);

        var heldOut = await HeldOutAsync(context, model, token);
        // A model of masked tokens has nothing to say after a prompt.
        var canComplete = entry.Manifest.TokenizerKey.Length > 0 && !model.Config.Bidirectional;
        var completions = canComplete ? Complete(context, model, folder, token) : [];
        if (LossCurve.FontWarning is { } warning)
        {
            context.Log.Warn(warning);
        }

        var history = await HistoryAsync(context, token);
        var curve = LossCurve.Png(history.Training, history.HeldOut, Style(metadata, dark: false));
        var input = new ReportInput
        {
            Run = metadata.Name,
            HeldOut = heldOut,
            Figures = Figures(model, entry),
            Curve = curve,
            DarkCurve = LossCurve.Png(history.Training, history.HeldOut, Style(metadata, dark: true)),
            Completions = completions,
            Checkpoint = entry.Reference,
            CorpusDigest = entry.Manifest.TokensKey,
            TokenizerDigest = entry.Manifest.TokenizerKey,
            Spec = RunSnapshot.Write(context.Manifest),
        };
        await WriteReportAsync(context, input, token);
        await WriteAsync(context, "loss-curve.png", curve, token);
        // It may take hours: what is known before can be read meanwhile.
        var humanEval = await HumanEvalStep.RunAsync(context, model, folder, entry, token);
        if (humanEval.Figures.Count > 0)
        {
            await WriteReportAsync(context, input with { HumanEval = humanEval.Figures }, token);
        }

        return Describe(context, run, entry, heldOut, completions, humanEval);
    }

    private static async Task<EvaluationResult?> HeldOutAsync(
        StageContext context,
        Gpt2 model,
        CancellationToken cancellationToken
    )
    {
        var lineage = await context.ReadLineageAsync(cancellationToken);
        var cache = Path.Combine(context.Environment.WorkFolder, "tokens");
        var folder = await TokenCorpusCache.FetchAsync(context.Store, lineage.Tokens, cache, cancellationToken);
        using var corpus = TokenCorpus.Open(folder);
        var result = HeldOutEvaluator.Measure(
            model,
            corpus,
            context.Spec,
            (done, all) => context.Report("held-out loss", done, all, "sequences"),
            cancellationToken
        );
        if (result is null)
        {
            context.Log.Warn("nothing was held out, or less than one sequence: there is no loss to measure");
            return null;
        }

        return new EvaluationResult(result.Loss, Math.Exp(result.Loss), result.Tokens, result.Sequences);
    }

    private static IReadOnlyList<PromptCompletion> Complete(
        StageContext context,
        Gpt2 model,
        string folder,
        CancellationToken cancellationToken
    )
    {
        var prompts = context.Spec.Evaluation.Prompts is { Count: > 0 } given ? given : DefaultPrompts.Python;
        var options = new GenerationOptions
        {
            MaxNewTokens = Math.Min(CompletionTokens, model.Config.ContextLength / 2),
            Temperature = 0.6,
            TopP = 0.95,
            Seed = (ulong)context.Spec.Training.Seed,
        };
        context.Report("completing prompts", 0, prompts.Count, "prompts", now: true);
        return new Completions(model, BpeTokenizer.Load(folder)).Complete(prompts, options, cancellationToken);
    }

    private static async Task<LossHistory> HistoryAsync(StageContext context, CancellationToken cancellationToken)
    {
        var path = Path.Combine(context.Environment.WorkFolder, "metrics.jsonl");
        try
        {
            await context.Store.DownloadFileAsync(context.RunPrefix + "/metrics.jsonl", path, cancellationToken);
            return LossHistory.Of(MetricsFile.Read(path));
        }
        catch (ObjectNotFoundException)
        {
            return new LossHistory([], []);
        }
    }

    private static CurveStyle Style(RunMetadata run, bool dark) => new() { Title = $"{run.Name}: loss", Dark = dark };

    private static List<ReportFigure> Figures(Gpt2 model, CheckpointEntry entry) =>
        [
            new("Parameters", $"{model.Config.ParameterCount:N0}"),
            new("Steps", $"{entry.Manifest.Step:N0}"),
            new("Tokens trained on", $"{entry.Manifest.Tokens:N0}"),
            new("Training loss at the last step", $"{entry.Manifest.Loss:F4}"),
            new("Ranks", $"{entry.Manifest.WorldSize}"),
        ];

    private static Task<ObjectInfo> WriteReportAsync(
        StageContext context,
        ReportInput input,
        CancellationToken cancellationToken
    ) => WriteAsync(context, "report.html", Encoding.UTF8.GetBytes(Report.Html(input)), cancellationToken);

    private static Task<ObjectInfo> WriteAsync(
        StageContext context,
        string name,
        byte[] bytes,
        CancellationToken cancellationToken
    ) => context.Store.WriteBytesAsync($"{context.RunPrefix}/{name}", bytes, cancellationToken: cancellationToken);

    private static StageResult Describe(
        StageContext context,
        RunStore run,
        CheckpointEntry entry,
        EvaluationResult? heldOut,
        IReadOnlyList<PromptCompletion> completions,
        HumanEvalOutcome humanEval
    )
    {
        var outputs = new Dictionary<string, string>
        {
            ["report"] = run.PlaceOf(context.RunPrefix + "/report.html"),
            ["lossCurve"] = run.PlaceOf(context.RunPrefix + "/loss-curve.png"),
            ["evaluated"] = entry.Reference,
        };
        if (heldOut is not null)
        {
            outputs["loss"] = $"{heldOut.Loss:F4}";
            outputs["perplexity"] = $"{heldOut.Perplexity:F2}";
            outputs["evaluatedTokens"] = $"{heldOut.Tokens}";
        }

        foreach (var (name, text) in humanEval.Outputs)
        {
            outputs[name] = text;
        }

        if (completions.Count > 0)
        {
            outputs["completions"] = string.Join("\n\n", completions.Select(Show));
        }

        var message = heldOut is null
            ? $"evaluated {entry.Reference}"
            : $"evaluated {entry.Reference}: loss {heldOut.Loss:F4}, perplexity {heldOut.Perplexity:F2}";
        context.Log.Say(message);
        return new StageResult(ExitCode.Done, message, outputs) { Step = entry.Manifest.Step };
    }

    // A small model repeats itself; the report has the whole text.
    private static string Show(PromptCompletion completion)
    {
        var text = completion.Prompt + completion.Texts[0];
        var lines = text.Split('\n');
        var shown = string.Join('\n', lines.Take(ShownLines));
        return shown.Length <= ShownCharacters && lines.Length <= ShownLines
            ? text
            : shown[..Math.Min(shown.Length, ShownCharacters)] + " …";
    }
}
