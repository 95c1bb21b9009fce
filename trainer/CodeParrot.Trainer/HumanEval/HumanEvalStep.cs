using System.Globalization;
using CodeParrot.Checkpoints;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Evaluation.HumanEval;
using CodeParrot.Evaluation.HumanEval.Results;
using CodeParrot.Evaluation.HumanEval.Sandbox;
using CodeParrot.Evaluation.Reports;
using CodeParrot.Model;
using CodeParrot.Tokenizer;
using CodeParrot.Trainer.Hosting;
using CodeParrot.Trainer.Stages;

namespace CodeParrot.Trainer.HumanEval;

/// <summary>HumanEval as a part of the evaluate stage.</summary>
internal static class HumanEvalStep
{
    /// <summary>
    /// Runs HumanEval if the spec asks for it. What a user has to mend is said and leaves the run as it is: a model of
    /// a week is published also where its benchmark could not be run, and <c>trainer humaneval</c> can do that later.
    /// </summary>
    /// <returns>Lines of the report and outputs of the stage; none where it is not asked for.</returns>
    public static async Task<HumanEvalOutcome> RunAsync(
        StageContext context,
        Gpt2 model,
        string folder,
        CheckpointEntry entry,
        CancellationToken cancellationToken
    )
    {
        if (context.Spec.Evaluation.HumanEval is not { } spec)
        {
            return new HumanEvalOutcome([], []);
        }

        try
        {
            return await RunAsync(context, spec, model, folder, entry, cancellationToken);
        }
        catch (Exception e) when (StageFailure.Of(e) is { Code: ExitCode.UserMistake } failure)
        {
            var text = $"not run: {failure.Message}";
            context.Log.Warn("HumanEval was " + text);
            return new HumanEvalOutcome(
                [new ReportFigure("HumanEval", text)],
                [KeyValuePair.Create("humanEval", text)]
            );
        }
    }

    private static async Task<HumanEvalOutcome> RunAsync(
        StageContext context,
        HumanEvalSpec spec,
        Gpt2 model,
        string folder,
        CheckpointEntry entry,
        CancellationToken cancellationToken
    )
    {
        context.Report("HumanEval: reading problems", 0, 0, "samples", now: true);
        var problems = await ProblemsInput.ReadAsync(
            context.Access,
            context.Spec.Store,
            spec.Problems,
            spec.Digest,
            cancellationToken
        );
        // Another recipe gets a place of its own: nobody has to empty one after an edit.
        var options = new HumanEvalOptions
        {
            Samples = spec.Samples,
            Temperature = spec.Temperature,
            TopP = spec.TopP,
            MaxNewTokens = spec.MaxNewTokens,
            Seed = (ulong)context.Spec.Training.Seed,
        };
        var prefix = $"{context.RunPrefix}/humaneval/{entry.Reference}/{NameOf(options, spec, problems.Digest)}";
        var results = new HumanEvalResults(context.Store, prefix);
        var run = new HumanEvalRun
        {
            ModelName = $"{context.RunPrefix}/{entry.Reference}",
            Problems = problems,
            Options = options,
            Sandbox = new SandboxOptions
            {
                Timeout = spec.Timeout,
                Isolation = Enum.Parse<Isolation>(spec.Isolation.ToString()),
                Workers = TrainStage.Threads(context),
            },
            Results = results,
            Begun = facts => Say(context, problems.Problems.Count, spec, facts),
            Progress = new InlineProgress<HumanEvalProgress>(progress => Show(context, progress)),
        };
        var summary = await run.RunAsync(model, BpeTokenizer.Load(folder), context.Time, cancellationToken);
        if (summary.CutPrompts > 0)
        {
            var cut =
                $"the context of {model.Config.ContextLength} tokens is too short for {summary.CutPrompts} prompts and "
                + "their completions: they lost their beginning, and HumanEval says little of this model";
            context.Log.Warn(cut);
        }

        var line = HumanEvalFigures.Line(summary);
        context.Log.Say(line);
        return new HumanEvalOutcome(
            HumanEvalFigures.Of(summary),
            [.. HumanEvalFigures.Outputs(summary, context.Run.PlaceOf(results.SamplesKey))]
        );
    }

    private static string NameOf(HumanEvalOptions options, HumanEvalSpec spec, string problems) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{problems[..12]}-n{options.Samples}-t{options.Temperature}-p{options.TopP}-m{options.MaxNewTokens}-"
                + $"s{options.Seed}-{spec.Timeout.TotalSeconds}s"
        );

    private static void Say(StageContext context, int problems, HumanEvalSpec spec, SandboxFacts facts)
    {
        var missing = facts.Missing.Length > 0 ? $" (no more: {facts.Missing})" : "";
        var text =
            $"HumanEval: {problems} problems, {spec.Samples} samples each, Python {facts.Python}, isolation "
            + $"{facts.Isolation}{missing}";
        context.Log.Say(text);
    }

    private static void Show(StageContext context, HumanEvalProgress progress) =>
        context.Progress.Show(
            new RunProgress
            {
                RunUid = context.RunUid,
                Attempt = context.Environment.Attempt,
                Stage = context.Stage,
                Message =
                    $"HumanEval: {progress.Problems} of {progress.AllProblems} problems, "
                    + $"pass@1 {HumanEvalFigures.Percent(progress.PassAt1)} so far",
                Step = progress.Samples,
                MaxSteps = progress.AllSamples,
                Unit = "samples",
                TokensPerSecond = progress.TokensPerSecond,
                EtaSeconds = progress.Remaining?.TotalSeconds,
            }
        );
}
