using CodeParrot.Evaluation.Reports;

namespace CodeParrot.Trainer.HumanEval;

/// <summary>What HumanEval gives the evaluate stage.</summary>
/// <param name="Figures">Lines of the report; none leaves its part out.</param>
/// <param name="Outputs">Outputs of the stage.</param>
internal sealed record HumanEvalOutcome(
    IReadOnlyList<ReportFigure> Figures,
    IReadOnlyList<KeyValuePair<string, string>> Outputs
);
