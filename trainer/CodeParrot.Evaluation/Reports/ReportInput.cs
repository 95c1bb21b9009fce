namespace CodeParrot.Evaluation.Reports;

/// <summary>All that a report shows; nothing else flows in, so the same input gives the same bytes.</summary>
public sealed record ReportInput
{
    /// <summary>Name of the run.</summary>
    public required string Run { get; init; }

    /// <summary>The model on held-out text, if it was evaluated.</summary>
    public EvaluationResult? HeldOut { get; init; }

    /// <summary>Further figures, in the order of the table.</summary>
    public IReadOnlyList<ReportFigure> Figures { get; init; } = [];

    /// <summary>Figures of HumanEval, in a table of their own; empty leaves it out.</summary>
    public IReadOnlyList<ReportFigure> HumanEval { get; init; } = [];

    /// <summary>The loss curve as PNG; empty leaves it out.</summary>
    public ReadOnlyMemory<byte> Curve { get; init; }

    /// <summary>The same curve for readers with a dark screen; empty shows <see cref="Curve"/> to them too.</summary>
    public ReadOnlyMemory<byte> DarkCurve { get; init; }

    /// <summary>What the model writes.</summary>
    public IReadOnlyList<PromptCompletion> Completions { get; init; } = [];

    /// <summary>The checkpoint evaluated, for example "main/step-000015000-a1".</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Digest of the corpus.</summary>
    public string? CorpusDigest { get; init; }

    /// <summary>Digest of the tokenizer.</summary>
    public string? TokenizerDigest { get; init; }

    /// <summary>The resolved spec of the run, as YAML or JSON.</summary>
    public string? Spec { get; init; }
}
