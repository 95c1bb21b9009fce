namespace CodeParrot.Storage;

/// <summary>An object's bytes are not those that were written.</summary>
public sealed class StoreCorruptionException(
    StoreLocation location,
    string key,
    string expected,
    string actual,
    Exception? cause = null
)
    : StoreException(
        location,
        key,
        $"the object is damaged: expected {expected}, found {actual}; restore it from a copy or delete it",
        cause
    )
{
    /// <summary>Gets the digest or size that was expected.</summary>
    public string Expected => expected;

    /// <summary>Gets the digest or size that was found.</summary>
    public string Actual => actual;
}
