using CodeParrot.Corpus.Tokens;

namespace CodeParrot.Training.Data.Streaming;

/// <summary>Reads the endless row of a corpus' tokens from a place on.</summary>
/// <param name="documents">The documents from the place's own on.</param>
/// <param name="start">The place.</param>
internal sealed class BlockReader(DocumentStream documents, StreamCursor start) : IAsyncDisposable
{
    private DocumentBatch? _batch;
    private int _document;

    // Of the document that is being read; of the first one those that lie before the start.
    private int _taken = start.Token;

    /// <summary>Gets the place of the token that comes next.</summary>
    public StreamCursor Position =>
        _batch is null ? start : new StreamCursor(documents.Epoch, documents.Place, _batch.First + _document, _taken);

    /// <summary>Fills memory with the tokens that come next.</summary>
    public async Task ReadAsync(Memory<int> tokens)
    {
        while (tokens.Length > 0)
        {
            if (_batch is null || _document == _batch.Documents.Count)
            {
                _batch = await documents.ReadAsync();
                _document = 0;
            }
            var document = _batch.Documents[_document].AsMemory(_taken);
            var count = Math.Min(document.Length, tokens.Length);
            document[..count].CopyTo(tokens);
            tokens = tokens[count..];
            _taken += count;
            if (count < document.Length)
                continue;
            _document++;
            _taken = 0;
        }
    }

    public ValueTask DisposeAsync() => documents.DisposeAsync();
}
