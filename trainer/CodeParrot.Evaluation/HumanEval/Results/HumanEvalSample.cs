using System.Text.Json.Serialization;
using CodeParrot.Evaluation.HumanEval.Sandbox;

namespace CodeParrot.Evaluation.HumanEval.Results;

/// <summary>One completion and what became of it: a line of <c>samples.jsonl</c>.</summary>
public sealed record HumanEvalSample
{
    /// <summary>The problem.</summary>
    [JsonPropertyName("task_id")]
    public required string TaskId { get; init; }

    /// <summary>Number of the completion, from 0.</summary>
    [JsonPropertyName("sample")]
    public required int Index { get; init; }

    /// <summary>What follows the prompt, whose trailing white space is cut, up to the end of its first block.</summary>
    [JsonPropertyName("completion")]
    public required string Completion { get; init; }

    /// <summary>Whether all tests were passed; the word that other harnesses read.</summary>
    [JsonPropertyName("passed")]
    public bool Passed => Result == SandboxOutcome.Passed;

    /// <summary>What became of it.</summary>
    [JsonPropertyName("result")]
    public required SandboxOutcome Result { get; init; }

    /// <summary>Class of a failure, for example AssertionError for a wrong answer.</summary>
    [JsonPropertyName("error")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>What a failure said.</summary>
    [JsonPropertyName("message")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}
