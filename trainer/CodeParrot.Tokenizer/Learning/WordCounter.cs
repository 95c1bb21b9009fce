using System.Runtime.ExceptionServices;
using CodeParrot.Tokenizer.Words;

namespace CodeParrot.Tokenizer.Learning;

/// <summary>
/// Counts words on several threads while one thread adds documents. When the others are behind, the adding thread
/// counts a chunk itself: nothing blocks, and the memory in use stays bounded.
/// </summary>
internal sealed class WordCounter(int threads)
{
    private const int ChunkBytes = 1 << 20;

    private readonly object _gate = new();
    private readonly Queue<DocumentChunk> _queue = [];
    private readonly List<WordTable> _tables = [];
    private readonly WordTable _own = new();
    private DocumentChunk? _filling;
    private int _workerCount;
    private Exception? _failure;

    /// <summary>Room for a document of the given size, valid until <see cref="Commit"/>.</summary>
    public Span<byte> Reserve(int byteCount)
    {
        if (_filling is not null && _filling.Free.Length < byteCount)
        {
            Flush();
        }

        _filling ??= new DocumentChunk(Math.Max(ChunkBytes, byteCount));
        return _filling.Free;
    }

    /// <summary>Takes the document that was written into <see cref="Reserve"/>'s room.</summary>
    public void Commit(int byteCount) => _filling!.Commit(byteCount);

    /// <summary>Counts what is left and gives all counts in one table.</summary>
    public WordTable Finish()
    {
        Flush();
        while (TryTake(out DocumentChunk? chunk))
        {
            Count(chunk, _own);
        }

        lock (_gate)
        {
            while (_workerCount > 0)
            {
                Monitor.Wait(_gate);
            }
        }

        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }

        foreach (WordTable table in _tables)
        {
            _own.Add(table);
        }

        _tables.Clear();
        return _own;
    }

    private static void Count(DocumentChunk chunk, WordTable table)
    {
        using (chunk)
        {
            chunk.CountInto(table);
        }
    }

    private void Flush()
    {
        DocumentChunk? chunk = _filling;
        _filling = null;
        if (chunk is null || TryQueue(chunk))
        {
            return;
        }

        Count(chunk, _own);
    }

    private bool TryQueue(DocumentChunk chunk)
    {
        lock (_gate)
        {
            if (_queue.Count >= 2 * (threads - 1))
            {
                return false;
            }

            _queue.Enqueue(chunk);
            if (_workerCount < threads - 1)
            {
                _workerCount++;
                ThreadPool.UnsafeQueueUserWorkItem(_ => Work(), null);
            }

            return true;
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DocumentChunk? chunk)
    {
        lock (_gate)
        {
            return _queue.TryDequeue(out chunk);
        }
    }

    private void Work()
    {
        WordTable table = BorrowTable();
        Exception? failure = null;
        try
        {
            while (TryTake(out DocumentChunk? chunk))
            {
                Count(chunk, table);
            }
        }
        catch (Exception e)
        {
            failure = e;
        }

        lock (_gate)
        {
            _failure ??= failure;
            _tables.Add(table);
            _workerCount--;
            // A chunk may have come after the last look; the adding thread finds it in Finish or starts a worker for
            // the next.
            Monitor.PulseAll(_gate);
        }
    }

    private WordTable BorrowTable()
    {
        lock (_gate)
        {
            if (_tables.Count == 0)
            {
                return new WordTable();
            }

            WordTable table = _tables[^1];
            _tables.RemoveAt(_tables.Count - 1);
            return table;
        }
    }
}
