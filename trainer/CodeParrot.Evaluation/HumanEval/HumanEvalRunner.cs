using CodeParrot.Evaluation.HumanEval.Problems;
using CodeParrot.Evaluation.HumanEval.Results;
using CodeParrot.Evaluation.HumanEval.Sandbox;

namespace CodeParrot.Evaluation.HumanEval;

/// <summary>
/// Runs HumanEval: completes every problem, and has the programs of one problem tested while the next is completed.
/// </summary>
/// <param name="sampler">Completes problems.</param>
/// <param name="sandbox">Tests programs.</param>
/// <param name="time">Tells how long it takes.</param>
public sealed class HumanEvalRunner(HumanEvalSampler sampler, PythonSandbox sandbox, TimeProvider time)
{
    /// <summary>Runs what is not done yet, and sums up.</summary>
    /// <param name="problems">The problems.</param>
    /// <param name="options">What is sampled.</param>
    /// <param name="settings">What the figures depend on.</param>
    /// <param name="results">Where results are kept.</param>
    /// <param name="progress">Told after each problem.</param>
    /// <param name="cancellationToken">Ends the run; problems that are done stay done.</param>
    /// <exception cref="HumanEvalOptionsException">Options are out of range.</exception>
    /// <exception cref="ResultsMismatchException">The place holds results of other settings.</exception>
    /// <exception cref="ProblemsFileException">The tests of a problem cannot be run.</exception>
    public async Task<HumanEvalSummary> RunAsync(
        ProblemsFile problems,
        HumanEvalOptions options,
        HumanEvalSettings settings,
        HumanEvalResults results,
        IProgress<HumanEvalProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(problems);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(results);
        var errors = options.Validate().ToList();
        if (errors.Count > 0)
        {
            throw new HumanEvalOptionsException(errors);
        }

        var tally = new HumanEvalTally(problems.Problems, options, time, progress);
        tally.Add(await results.OpenAsync(settings, cancellationToken));
        var scoring = Task.CompletedTask;
        foreach (var (index, problem) in problems.Problems.Index().Where(p => !tally.Has(p.Item.TaskId)))
        {
            var start = time.GetTimestamp();
            var completions = await Task.Run(
                () => sampler.Sample(problem, options, cancellationToken),
                cancellationToken
            );
            var seconds = time.GetElapsedTime(start).TotalSeconds;
            await scoring;
            scoring = ScoreAsync(index, problem, completions, seconds);
        }

        await scoring;
        var all = tally.Results;
        var summary = HumanEvalSummary.Of(all, options.Ks, sandbox.Facts, settings);
        await results.FinishAsync(all, summary, cancellationToken);
        return summary;

        async Task ScoreAsync(int index, HumanEvalProblem problem, ProblemCompletions completions, double seconds)
        {
            var samples = await TestAsync(problem, completions.Texts, cancellationToken);
            var result = new ProblemResult(
                problem.TaskId,
                samples,
                completions.Tokens,
                seconds,
                completions.DroppedPromptTokens
            );
            await results.AddAsync(result, index, cancellationToken);
            tally.Add(result);
        }
    }

    private async Task<IReadOnlyList<HumanEvalSample>> TestAsync(
        HumanEvalProblem problem,
        IReadOnlyList<string> completions,
        CancellationToken cancellationToken
    )
    {
        // At low temperatures a model often writes the same: one program, one verdict.
        var programs = completions.Distinct(StringComparer.Ordinal).ToList();
        var answers = await Task.WhenAll(
            programs.Select(text => ProblemTests.RunAsync(sandbox, problem, text, cancellationToken))
        );
        var verdicts = programs.Zip(answers).ToDictionary(pair => pair.First, pair => pair.Second);
        var samples = new List<HumanEvalSample>(completions.Count);
        foreach (var (index, completion) in completions.Index())
        {
            var verdict = verdicts[completion];
            samples.Add(
                new HumanEvalSample
                {
                    TaskId = problem.TaskId,
                    Index = index,
                    Completion = completion,
                    Result = verdict.Outcome,
                    Error = verdict.Error.Length > 0 ? verdict.Error : null,
                    Message = verdict.Message.Length > 0 ? verdict.Message : null,
                }
            );
        }

        return samples;
    }
}
