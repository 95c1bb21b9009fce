using System.Runtime.CompilerServices;
using CodeParrot.Corpus.Pipeline;
using ZstdSharp;

namespace CodeParrot.Corpus.Readers;

/// <summary>Cuts an object, decompressed by its name, into batches of whole lines.</summary>
internal sealed class LineReader(ISourceTree tree, ILineParser parser, int chunkBytes, int maxLineBytes)
{
    // The Zstandard decoder loses what it decoded in the very read that meets a truncation, so its reads are small.
    private const int ReadBytes = 4096;

    /// <summary>Reads an object to its end, or to where it is damaged: the lines before stay good.</summary>
    public async IAsyncEnumerable<IReadBatch> ReadAsync(
        SourceObject source,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var (stream, openFault) = await SourceStreams.TryOpenAsync(tree, source, cancellationToken);
        if (stream is null)
        {
            yield return new BadBatch(new BadInput(source.Key, 0, openFault));
            yield break;
        }
        await using var open = stream;
        var buffer = new byte[chunkBytes];
        var filled = 0;
        var line = 1L;
        var isSkipping = false;
        while (true)
        {
            var (end, fault) = await TryFillAsync(stream, buffer, filled, cancellationToken);
            var isEnd = fault is not null || end < buffer.Length;
            var lineEnd = buffer.AsSpan(0, end).LastIndexOf((byte)'\n') + 1;
            if (lineEnd == 0 && !isEnd && buffer.Length < maxLineBytes)
            {
                filled = end;
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, maxLineBytes));
                continue;
            }
            if (lineEnd == 0 && !isEnd)
            {
                if (!isSkipping)
                    yield return new BadBatch(new BadInput(source.Key, line, $"longer than {maxLineBytes} bytes"));
                isSkipping = true;
                filled = 0;
                continue;
            }
            var whole = isEnd && fault is null ? end : lineEnd;
            var start = 0;
            if (isSkipping)
            {
                start = buffer.AsSpan(0, whole).IndexOf((byte)'\n') + 1;
                start = start == 0 ? whole : start;
                line++;
                isSkipping = false;
            }
            var batch = new LineBatch(source.Key, line, buffer.AsMemory(start, whole - start), parser);
            line += batch.CountLines();
            yield return batch;
            if (fault is not null)
                yield return new BadBatch(new BadInput(source.Key, line, fault));
            if (isEnd)
                yield break;
            // The batch keeps its buffer until it is parsed, so what is left over goes to a new one.
            var next = new byte[Math.Max(chunkBytes, (int)Math.Min((end - whole) * 2L, Array.MaxLength))];
            buffer.AsSpan(whole, end - whole).CopyTo(next);
            filled = end - whole;
            buffer = next;
        }
    }

    private static async Task<(int End, string? Fault)> TryFillAsync(
        Stream stream,
        byte[] buffer,
        int filled,
        CancellationToken cancellation
    )
    {
        try
        {
            var piece = stream is DecompressionStream ? ReadBytes : buffer.Length;
            while (filled < buffer.Length)
            {
                var read = await stream.ReadAsync(
                    buffer.AsMemory(filled, Math.Min(piece, buffer.Length - filled)),
                    cancellation
                );
                if (read == 0)
                    break;
                filled += read;
            }
            return (filled, null);
        }
        catch (Exception fault) when (SourceStreams.IsDamage(fault))
        {
            return (filled, $"truncated or damaged from here on ({fault.Message})");
        }
        catch (Exception fault) when (LocalFiles.IsFault(fault))
        {
            return (filled, $"cannot be read from here on: {fault.Message}");
        }
    }
}
