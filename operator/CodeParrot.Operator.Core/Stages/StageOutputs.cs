namespace CodeParrot.Operator.Core.Stages;

/// <summary>Outputs of stages and tasks that the planner reads.</summary>
internal static class StageOutputs
{
    /// <summary>The published checkpoint, <c>branch/name</c>.</summary>
    public const string Published = "published";
}
