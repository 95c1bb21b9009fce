using CodeParrot.Contract.Runtime;

namespace CodeParrot.Cli.Places;

/// <summary>A pod whose log can be read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Run">Name of its run.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Stage">Stage it works on.</param>
/// <param name="Attempt">Attempt it belongs to.</param>
/// <param name="PodIndex">Index in the gang.</param>
/// <param name="RanksPerPod">Ranks in it.</param>
/// <param name="CreatedAt">When it was created.</param>
internal sealed record RunPod(
    string Name,
    string Run,
    string Namespace,
    string Stage,
    int Attempt,
    int PodIndex,
    int RanksPerPod,
    DateTimeOffset CreatedAt
)
{
    /// <summary>First rank in it.</summary>
    public int FirstRank => PodIndex * RanksPerPod;

    /// <summary>True where the rank is in it.</summary>
    public bool Holds(int rank) => rank >= FirstRank && rank < FirstRank + RanksPerPod;

    /// <summary>What people call it: rank 3, or the stage.</summary>
    public string Title => Stage == StageNames.Train ? $"rank {FirstRank}" : $"{Stage} {PodIndex}";
}
