using System.IO.Compression;
using ZstdSharp;

namespace CodeParrot.Corpus.Readers;

/// <summary>Opens objects of a source, decompressed by their names.</summary>
internal static class SourceStreams
{
    /// <summary>Opens an object, or says why it cannot be; the caller disposes the stream.</summary>
    public static async Task<(Stream? Stream, string Fault)> TryOpenAsync(
        ISourceTree tree,
        SourceObject source,
        CancellationToken cancellationToken
    )
    {
        if (source.Fault is not null)
            return (null, source.Fault);
        try
        {
            var raw = await tree.OpenAsync(source, cancellationToken);
            if (SourceNames.IsGzip(source.Key))
                return (new GZipStream(raw, CompressionMode.Decompress), "");
            return (SourceNames.IsZstandard(source.Key) ? new DecompressionStream(raw, leaveOpen: false) : raw, "");
        }
        catch (Exception fault) when (LocalFiles.IsFault(fault))
        {
            return (null, $"cannot be read: {fault.Message}");
        }
    }

    /// <summary>Returns whether an exception says that compressed bytes are cut short or are others.</summary>
    public static bool IsDamage(Exception fault) =>
        fault is InvalidDataException or EndOfStreamException or ZstdException;
}
