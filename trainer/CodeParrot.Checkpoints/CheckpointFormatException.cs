namespace CodeParrot.Checkpoints;

/// <summary>
/// A newer version of CodeParrot wrote a checkpoint, in a format that this one would misread. Unlike a damaged one it
/// is not skipped: going on from an older checkpoint would throw away what the newer version has trained.
/// </summary>
/// <param name="key">Key of the file.</param>
/// <param name="version">Its format version.</param>
/// <param name="newestReadable">The newest version that this build reads.</param>
public sealed class CheckpointFormatException(string key, long version, int newestReadable)
    : Exception(
        $"{key} has format version {version}, and this version of CodeParrot reads up to {newestReadable}: a newer one "
            + "wrote it; upgrade the trainer's image or program to that version, or roll back to an older checkpoint"
    )
{
    /// <summary>Gets the key of the file.</summary>
    public string Key => key;

    /// <summary>Gets the format version that was found.</summary>
    public long Version => version;
}
