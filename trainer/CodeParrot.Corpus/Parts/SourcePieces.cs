using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Parts;

/// <summary>
/// Cuts a source into pieces. Where the cuts are depends on the source alone, not on how many workers there are: what
/// eight have begun, three can end.
/// </summary>
/// <param name="tree">The source.</param>
/// <param name="listing">What a walk over it said.</param>
/// <param name="options">Which of its objects are read, and how large a piece is at least.</param>
internal sealed class SourcePieces(ISourceTree tree, SourceListing listing, CorpusOptions options)
{
    // So that an enormous source is not cut into more pieces than can be looked after.
    private const int MostPieces = 1024;
    private const int ObjectsInPiece = 4096;

    private readonly IncludePattern _include = new(options.Include);
    private readonly long _mostBytes = Math.Max(options.PieceBytes, listing.Bytes / MostPieces);
    private readonly long _mostObjects = Math.Max(ObjectsInPiece, listing.Objects / MostPieces);

    /// <summary>Gets whether there is nothing to share.</summary>
    public bool IsOne => listing.Objects <= 1 || (listing.Bytes < _mostBytes && listing.Objects < _mostObjects);

    /// <summary>Walks over the source once more; one piece at a time is in memory.</summary>
    /// <exception cref="SourceChangedException">It is not what the listing said, found out at the end.</exception>
    public async IAsyncEnumerable<SourcePiece> CutAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var own = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var objects = new List<SourceObject>();
        var (index, bytes) = (0, 0L);
        await foreach (var found in tree.ListAsync(cancellationToken))
        {
            if (!SourceListing.IsChosen(found, listing.Format, _include))
                continue;
            SourceListing.Add(whole, found);
            SourceListing.Add(own, found);
            objects.Add(found);
            bytes += Math.Max(0, found.SizeBytes);
            if (bytes < _mostBytes && objects.Count < _mostObjects)
                continue;
            yield return new SourcePiece(index++, Text(own), objects);
            objects = [];
            bytes = 0;
        }
        if (objects.Count > 0)
            yield return new SourcePiece(index, Text(own), objects);
        if (Text(whole) != listing.Digest)
            throw new SourceChangedException(tree.Uri);
    }

    private static string Text(IncrementalHash digest) => Convert.ToHexStringLower(digest.GetHashAndReset());
}
