using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Tokens;

namespace CodeParrot.Training.Data.Streaming;

/// <summary>A corpus' documents as ids, one epoch after the other; the next shard is fetched meanwhile.</summary>
internal sealed class DocumentStream : IAsyncDisposable
{
    private readonly IReadOnlyList<DocumentShardInfo> _shards;
    private readonly DocumentShardFiles _files;
    private readonly ShardEncoder _encoder;
    private readonly ShardOrder _order;
    private readonly CancellationToken _cancellationToken;
    private long _epoch;
    private int _place;
    private string? _path;
    private Task<string>? _next;
    private IAsyncEnumerator<DocumentBatch>? _batches;

    public DocumentStream(
        IReadOnlyList<DocumentShardInfo> shards,
        DocumentShardFiles files,
        ShardEncoder encoder,
        ShardOrder order,
        StreamCursor start,
        CancellationToken cancellationToken
    )
    {
        _shards = shards;
        _files = files;
        _encoder = encoder;
        _order = order;
        _cancellationToken = cancellationToken;
        (_epoch, _place) = (start.Epoch, start.Place);
        FirstDocument = start.Document;
        _next = FetchAsync(_epoch, _place);
    }

    /// <summary>Gets the epoch of the batch read last.</summary>
    public long Epoch => _epoch;

    /// <summary>Gets its shard's place in the epoch.</summary>
    public int Place => _place;

    // Of the shard to open next.
    private long FirstDocument { get; set; }

    /// <summary>Reads the next documents; there always are some.</summary>
    public async Task<DocumentBatch> ReadAsync()
    {
        while (true)
        {
            if (_batches is null)
                await OpenAsync();
            if (await _batches!.MoveNextAsync())
                return _batches.Current;
            await CloseAsync();
            (_epoch, _place) = After(_epoch, _place);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_next is not null)
        {
            await _next.ContinueWith(
                fetched =>
                {
                    if (fetched.IsCompletedSuccessfully)
                        _files.Release(fetched.Result);
                    else
                        _ = fetched.Exception;
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
    }

    private async Task OpenAsync()
    {
        var fetched = _next ?? FetchAsync(_epoch, _place);
        _next = null;
        _path = await fetched;
        _batches = _encoder.ReadAsync(_path, FirstDocument, _cancellationToken).GetAsyncEnumerator(_cancellationToken);
        FirstDocument = 0;
        var (epoch, place) = After(_epoch, _place);
        _next = FetchAsync(epoch, place);
    }

    private async Task CloseAsync()
    {
        if (_batches is not null)
            await _batches.DisposeAsync();
        _batches = null;
        if (_path is not null)
            _files.Release(_path);
        _path = null;
    }

    private Task<string> FetchAsync(long epoch, int place)
    {
        var shard = _shards[_order.At(epoch, place)];
        var number = (epoch * _order.Count) + place;
        return Task.Run(() => _files.FetchAsync(shard, number, _cancellationToken), _cancellationToken);
    }

    private (long Epoch, int Place) After(long epoch, int place) =>
        place + 1 < _order.Count ? (epoch, place + 1) : (epoch + 1, 0);
}
