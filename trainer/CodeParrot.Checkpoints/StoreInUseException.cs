namespace CodeParrot.Checkpoints;

/// <summary>The run's prefix in the store belongs to another run of the same name.</summary>
public sealed class StoreInUseException(string ownerKey, string ownerUid, string runUid)
    : Exception(
        $"{ownerKey}: the prefix belongs to run UID {ownerUid}, this run's UID is {runUid}; "
            + "choose another name or store prefix, or adopt it with the annotation codeparrot.dev/adopt-store"
    )
{
    /// <summary>Gets the UID of the run that owns the prefix.</summary>
    public string OwnerUid => ownerUid;
}
