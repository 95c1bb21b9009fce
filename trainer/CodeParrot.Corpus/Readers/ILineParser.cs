using CodeParrot.Corpus.Pipeline;

namespace CodeParrot.Corpus.Readers;

/// <summary>Turns lines into documents. Safe for concurrent use.</summary>
internal interface ILineParser
{
    /// <summary>Adds what a line holds, a document, a drop or a bad input, to the result.</summary>
    void Parse(string file, long line, ReadOnlySpan<byte> text, BatchResult result);
}
