namespace CodeParrot.Storage;

/// <summary>A store did not do what was asked. The derived types say why.</summary>
public class StoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="location">Where the store lies.</param>
    /// <param name="key">The object or prefix concerned; empty for the store as a whole.</param>
    /// <param name="message">What failed, what was expected, what to do.</param>
    /// <param name="cause">The first cause.</param>
    public StoreException(StoreLocation location, string key, string message, Exception? cause = null)
        : base($"{location.UriOf(key)}: {message}", cause)
    {
        Location = location;
        Key = key;
    }

    /// <summary>Gets where the store lies.</summary>
    public StoreLocation Location { get; }

    /// <summary>Gets the object or prefix concerned; empty for the store as a whole.</summary>
    public string Key { get; }
}
