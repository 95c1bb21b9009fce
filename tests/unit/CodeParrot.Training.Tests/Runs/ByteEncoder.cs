using System.Text;
using CodeParrot.Corpus.Tokens;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>A tokenizer of one token a byte, which counts what it encodes.</summary>
internal sealed class ByteEncoder : IDocumentEncoder
{
    private long _encoded;

    public int VocabularySize => TestRun.VocabularySize;

    public int EndOfTextId => TestRun.VocabularySize - 1;

    public string Digest => "bytes";

    /// <summary>Gets the tokens encoded so far.</summary>
    public long Encoded => Interlocked.Read(ref _encoded);

    public void Encode(string document, List<int> ids)
    {
        foreach (var value in Encoding.UTF8.GetBytes(document))
        {
            ids.Add(value % EndOfTextId);
        }
        Interlocked.Add(ref _encoded, ids.Count + 1);
    }
}
