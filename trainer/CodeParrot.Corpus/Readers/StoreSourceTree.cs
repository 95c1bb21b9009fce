using System.Runtime.CompilerServices;
using CodeParrot.Storage;

namespace CodeParrot.Corpus.Readers;

/// <summary>A source in an object store.</summary>
internal sealed class StoreSourceTree(IObjectStore store, string key, bool ownsStore = true) : ISourceTree
{
    private string _prefix = "";

    public string Uri => store.Location.UriOf(key);

    public async IAsyncEnumerable<SourceObject> ListAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        if (key.Length > 0 && await store.FindAsync(key, cancellationToken) is { } single)
        {
            var slash = key.LastIndexOf('/');
            _prefix = key[..(slash + 1)];
            yield return new SourceObject(key[(slash + 1)..], single.SizeBytes, single.ETag);
            yield break;
        }
        _prefix = key.Length == 0 ? "" : key + "/";
        var isEmpty = true;
        await foreach (var found in store.ListAsync(_prefix, cancellationToken))
        {
            isEmpty = false;
            yield return new SourceObject(found.Key[_prefix.Length..], found.SizeBytes, found.ETag);
        }
        if (isEmpty)
            throw new SourceNotFoundException(Uri);
    }

    public Task<Stream> OpenAsync(SourceObject source, CancellationToken cancellationToken = default) =>
        OpenAtAsync(source, 0, cancellationToken);

    public Task<Stream> OpenAtAsync(SourceObject source, long offset, CancellationToken cancellationToken = default) =>
        store.OpenReadAsync(_prefix + source.Key, offset, cancellationToken: cancellationToken);

    public void Dispose()
    {
        if (ownsStore)
            store.Dispose();
    }
}
