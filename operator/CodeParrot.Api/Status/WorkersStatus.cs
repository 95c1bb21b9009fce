namespace CodeParrot.Api.Status;

/// <summary>Ranks of the current stage.</summary>
/// <param name="Desired">Ranks wanted.</param>
/// <param name="Ready">Ranks whose pod runs.</param>
/// <param name="Failed">Ranks whose pod failed.</param>
public sealed record WorkersStatus(int Desired, int Ready, int Failed)
{
    /// <summary>Ranks whose pod runs, of those wanted, as in <c>15/16</c>.</summary>
    public string Summary => $"{Ready}/{Desired}";
}
