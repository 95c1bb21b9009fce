using CodeParrot.Contract.Runtime;

namespace CodeParrot.Cli.Places;

/// <summary>The lines of one rank, or of a whole pod, as they are shown.</summary>
/// <param name="pod">The pod.</param>
/// <param name="rank">The only rank that is wanted; null for all that the pod holds.</param>
/// <param name="prefixed">True where others are shown beside it.</param>
internal sealed class RankLog(RunPod pod, int? rank, bool prefixed)
{
    /// <summary>A line as it is shown; null for another rank's.</summary>
    public string? Shown(string line)
    {
        // A pod of several ranks says itself whose line it is.
        if (pod.RanksPerPod > 1)
        {
            return rank is not { } wanted ? line
                : line.StartsWith(RankPrefix.Of(wanted), StringComparison.Ordinal)
                    ? line[RankPrefix.Of(wanted).Length..]
                : null;
        }

        return prefixed ? $"[{pod.Title}] {line}" : line;
    }
}
