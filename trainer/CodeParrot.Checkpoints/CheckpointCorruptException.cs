namespace CodeParrot.Checkpoints;

/// <summary>An object of a checkpoint is missing, or not what the manifest says.</summary>
public sealed class CheckpointCorruptException(string key, string expected, string actual, Exception? cause = null)
    : Exception(
        $"checkpoint object {key} is damaged: expected {expected}, found {actual}; "
            + "restore it from a copy, or roll back to another checkpoint",
        cause
    )
{
    /// <summary>Gets the key of the damaged object.</summary>
    public string Key => key;

    /// <summary>Gets the size or digest that the manifest names.</summary>
    public string Expected => expected;

    /// <summary>Gets the size or digest that was found.</summary>
    public string Actual => actual;
}
