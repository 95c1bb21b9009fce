namespace CodeParrot.Contract.Spec;

/// <summary>The HumanEval benchmark.</summary>
public sealed record HumanEvalSpec
{
    /// <summary>URI of HumanEval.jsonl.gz.</summary>
    public string Problems { get; init; } = "";

    /// <summary>Completions a problem.</summary>
    public int Samples { get; init; } = 200;

    /// <summary>Sampling temperature.</summary>
    public double Temperature { get; init; } = 0.2;

    /// <summary>Nucleus mass.</summary>
    public double TopP { get; init; } = 0.95;
}
