namespace CodeParrot.Operator.Core.Planning;

/// <summary>Keeps the text that attempts run with, under its hash; it never changes once written.</summary>
/// <param name="Hash">SHA-256 of the text, hex.</param>
/// <param name="Text">The text of <c>run.yaml</c>.</param>
public sealed record EnsureSnapshot(string Hash, string Text) : PlanAction;
