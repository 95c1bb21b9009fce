namespace CodeParrot.Checkpoints;

/// <summary>A checkpoint that was asked for by name or step does not exist, or not any more.</summary>
/// <param name="wanted">What was asked for.</param>
/// <param name="place">Where it was looked for.</param>
/// <param name="known">Those that are there, newest first; null where that was not looked at.</param>
public sealed class CheckpointNotFoundException(string wanted, string place, IReadOnlyList<string>? known = null)
    : Exception($"{place} has no complete checkpoint {wanted}; {Remedy(known)}")
{
    // Enough to choose from, and short enough for a pod's last words.
    private const int MaxNamed = 10;

    /// <summary>Gets what was asked for.</summary>
    public string Wanted => wanted;

    private static string Remedy(IReadOnlyList<string>? known) =>
        known switch
        {
            null => "list the checkpoints and name one of them",
            [] => "there is none at all",
            { Count: <= MaxNamed } => $"there are {string.Join(", ", known)}: name one of them",
            _ => $"the newest of {known.Count} are {string.Join(", ", known.Take(MaxNamed))}: name one that is there",
        };
}
