using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>Whole lines of one object.</summary>
internal sealed class LineBatch(string file, long firstLine, ReadOnlyMemory<byte> text, ILineParser parser) : IReadBatch
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Returns how many lines end here.</summary>
    public long CountLines() => text.Span.Count((byte)'\n');

    public Task<BatchResult> LoadAsync(CancellationToken cancellationToken)
    {
        var result = new BatchResult { SourceBytes = text.Length };
        var rest = text.Span;
        if (firstLine == 1 && rest.StartsWith(ByteOrderMark))
            rest = rest[ByteOrderMark.Length..];
        for (var line = firstLine; rest.Length > 0; line++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var end = rest.IndexOf((byte)'\n');
            var one = (end < 0 ? rest : rest[..end]).Trim(" \t\r"u8);
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (one.Length == 0)
                continue;
            result.Read++;
            parser.Parse(file, line, one, result);
        }
        return Task.FromResult(result);
    }
}
