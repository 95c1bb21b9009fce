namespace CodeParrot.Contract.Spec;

/// <summary>
/// The HumanEval benchmark: pass@k of functions that the model writes, for 1, 10 and 100 as far as there are so many
/// completions of a problem.
/// </summary>
public sealed record HumanEvalSpec
{
    /// <summary>
    /// HumanEval.jsonl.gz, or a file like it: <c>s3://bucket/key</c>, <c>file:///folder/file</c>, or a path.
    /// </summary>
    public string Problems { get; init; } = "";

    /// <summary>SHA-256 that this file must have, in hexadecimal digits; empty takes any.</summary>
    public string Digest { get; init; } = "";

    /// <summary>Completions a problem.</summary>
    public int Samples { get; init; } = 200;

    /// <summary>Sampling temperature.</summary>
    public double Temperature { get; init; } = 0.2;

    /// <summary>Nucleus mass.</summary>
    public double TopP { get; init; } = 0.95;

    /// <summary>Most tokens of a completion.</summary>
    public int MaxNewTokens { get; init; } = 256;

    /// <summary>Time of a program with its tests, as on an idle machine.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The least isolation that programs are run under; where it cannot be had, none is run.</summary>
    public SandboxIsolation Isolation { get; init; } = SandboxIsolation.Filter;
}
