namespace CodeParrot.Checkpoints;

/// <summary>A checkpoint that was asked for by name or step does not exist.</summary>
public sealed class CheckpointNotFoundException(string wanted, string place)
    : Exception($"{place} has no complete checkpoint {wanted}; list the checkpoints and name one of them")
{
    /// <summary>Gets what was asked for.</summary>
    public string Wanted => wanted;
}
