namespace CodeParrot.Corpus.Readers;

/// <summary>Where raw documents come from: one object, or all below a folder or prefix.</summary>
public interface ISourceTree : IDisposable
{
    /// <summary>Gets the source as messages name it.</summary>
    string Uri { get; }

    /// <summary>
    /// Lists the objects in the ordinal order of their keys; those that cannot be read carry their fault.
    /// </summary>
    /// <exception cref="SourceNotFoundException">There is nothing there.</exception>
    IAsyncEnumerable<SourceObject> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Opens an object for reading; the caller disposes the stream.</summary>
    Task<Stream> OpenAsync(SourceObject source, CancellationToken cancellationToken = default);

    /// <summary>Opens an object from a place in it to its end; the caller disposes the stream.</summary>
    Task<Stream> OpenAtAsync(SourceObject source, long offset, CancellationToken cancellationToken = default);
}
