using CodeParrot.Training.Engine;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>When a rank dies.</summary>
/// <param name="Rank">The rank.</param>
/// <param name="During">
/// What it does then. Training is the middle of a step: its gradients are summed, its update is not begun.
/// </param>
/// <param name="Step">The step that this belongs to, from 1.</param>
/// <param name="Generation">Which of the rank's pods it is.</param>
internal sealed record Death(int Rank, RankActivity During, long Step, int Generation = 0);
