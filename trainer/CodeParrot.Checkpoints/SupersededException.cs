namespace CodeParrot.Checkpoints;

/// <summary>A newer attempt, or another run, owns the prefix: this writer must stop without a trace.</summary>
public sealed class SupersededException(string ownerKey, string self, string owner)
    : Exception($"{ownerKey}: {self} is superseded by {owner}; nothing more is written, and this process ends")
{
    /// <summary>Gets the key of <c>owner.json</c>.</summary>
    public string OwnerKey => ownerKey;

    /// <summary>Gets who owns the run now.</summary>
    public string Owner => owner;
}
