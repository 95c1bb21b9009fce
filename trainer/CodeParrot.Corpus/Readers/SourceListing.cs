using System.Security.Cryptography;
using System.Text;

namespace CodeParrot.Corpus.Readers;

/// <summary>What a walk over the source says before anything is read.</summary>
/// <param name="Format">What the objects hold, Auto resolved.</param>
/// <param name="Listed">How many objects there are.</param>
/// <param name="Objects">How many of them are to be read.</param>
/// <param name="Bytes">Their sizes together.</param>
/// <param name="Digest">The digest of their keys, sizes and versions, in order.</param>
internal sealed record SourceListing(CorpusFormat Format, long Listed, long Objects, long Bytes, string Digest)
{
    /// <summary>Walks over the source.</summary>
    public static async Task<SourceListing> ReadAsync(
        ISourceTree tree,
        CorpusFormat format,
        IncludePattern include,
        CancellationToken cancellationToken
    )
    {
        if (format == CorpusFormat.Auto)
            format = await TellFormatAsync(tree, include, cancellationToken);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (listed, objects, bytes) = (0L, 0L, 0L);
        await foreach (var found in tree.ListAsync(cancellationToken))
        {
            listed++;
            if (!IsChosen(found, format, include))
                continue;
            objects++;
            bytes += Math.Max(0, found.SizeBytes);
            Add(digest, found);
        }
        return new SourceListing(format, listed, objects, bytes, Convert.ToHexStringLower(digest.GetHashAndReset()));
    }

    /// <summary>Returns whether an object is to be read. Whole folders that cannot be are, to be counted.</summary>
    public static bool IsChosen(SourceObject found, CorpusFormat format, IncludePattern include) =>
        format switch
        {
            CorpusFormat.Files => include.Matches(found.Key),
            CorpusFormat.Text => true,
            CorpusFormat.Tokens => SourceNames.FormatOf(found.Key) == CorpusFormat.JsonLines,
            _ => SourceNames.FormatOf(found.Key) == format,
        };

    /// <summary>Adds an object to a digest of a listing.</summary>
    public static void Add(IncrementalHash digest, SourceObject found) =>
        digest.AppendData(Encoding.UTF8.GetBytes($"{found.Key}\n{found.SizeBytes}\n{found.ETag}\n"));

    private static async Task<CorpusFormat> TellFormatAsync(
        ISourceTree tree,
        IncludePattern include,
        CancellationToken cancellationToken
    )
    {
        var (parquet, csv, json) = (0L, 0L, 0L);
        await foreach (var found in tree.ListAsync(cancellationToken))
        {
            switch (SourceNames.FormatOf(found.Key))
            {
                case CorpusFormat.Parquet:
                    parquet++;
                    break;
                case CorpusFormat.Csv:
                    csv++;
                    break;
                case CorpusFormat.JsonLines:
                    json++;
                    break;
                // Trees of source code hold such files too, and a folder of them seldom holds source code.
                default:
                    if (include.Matches(found.Key))
                        return CorpusFormat.Files;
                    break;
            }
        }
        // Beside Parquet the others are what describes it.
        return parquet > 0 ? CorpusFormat.Parquet
            : csv > json ? CorpusFormat.Csv
            : json > 0 ? CorpusFormat.JsonLines
            : CorpusFormat.Files;
    }
}
