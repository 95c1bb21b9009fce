namespace CodeParrot.Api.Status;

/// <summary>Where a branch begins.</summary>
/// <param name="Checkpoint">Checkpoint it goes on from, <c>branch/name</c>.</param>
/// <param name="SkipSteps">Steps of data left out after it.</param>
public sealed record StartPoint(string Checkpoint, int SkipSteps);
