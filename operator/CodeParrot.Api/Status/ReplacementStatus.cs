namespace CodeParrot.Api.Status;

/// <summary>A lost pod of the attempt that another one of its name takes the place of.</summary>
/// <param name="PodIndex">Index in the gang.</param>
/// <param name="Generation">Generation of the replacement: a pod of an older one is gone, or is on its way.</param>
public sealed record ReplacementStatus(int PodIndex, int Generation);
