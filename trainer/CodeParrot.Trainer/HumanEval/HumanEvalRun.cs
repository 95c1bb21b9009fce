using CodeParrot.Evaluation.HumanEval;
using CodeParrot.Evaluation.HumanEval.Problems;
using CodeParrot.Evaluation.HumanEval.Results;
using CodeParrot.Evaluation.HumanEval.Sandbox;
using CodeParrot.Model;
using CodeParrot.Tokenizer;

namespace CodeParrot.Trainer.HumanEval;

/// <summary>One run of HumanEval, as the stage and the command start it.</summary>
internal sealed record HumanEvalRun
{
    /// <summary>Names the model in the results.</summary>
    public required string ModelName { get; init; }

    public required ProblemsFile Problems { get; init; }

    public required HumanEvalOptions Options { get; init; }

    public required SandboxOptions Sandbox { get; init; }

    public required HumanEvalResults Results { get; init; }

    /// <summary>Told once, before the first problem.</summary>
    public required Action<SandboxFacts> Begun { get; init; }

    public required IProgress<HumanEvalProgress> Progress { get; init; }

    /// <summary>Runs what is not done yet.</summary>
    /// <exception cref="SandboxUnavailableException">Programs cannot be run here as asked.</exception>
    public async Task<HumanEvalSummary> RunAsync(
        Gpt2 model,
        BpeTokenizer tokenizer,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var sampler = new HumanEvalSampler(model, tokenizer);
        using var sandbox = await PythonSandbox.StartAsync(Sandbox, time, cancellationToken);
        Begun(sandbox.Facts);
        var settings = new HumanEvalSettings
        {
            Model = ModelName,
            Problems = Problems.Digest,
            Samples = Options.Samples,
            Temperature = Options.Temperature,
            TopP = Options.TopP,
            MaxNewTokens = Options.MaxNewTokens,
            Seed = Options.Seed,
            TimeoutSeconds = Sandbox.Timeout.TotalSeconds,
            MemoryBytes = Sandbox.MemoryBytes,
        };
        return await new HumanEvalRunner(sampler, sandbox, time).RunAsync(
            Problems,
            Options,
            settings,
            Results,
            Progress,
            cancellationToken
        );
    }
}
