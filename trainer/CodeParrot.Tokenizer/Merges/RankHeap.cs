namespace CodeParrot.Tokenizer.Merges;

/// <summary>
/// A binary heap of (rank, position) in one word each: the lowest rank first, then the leftmost position.
/// </summary>
internal sealed class RankHeap
{
    private ulong[] _items = new ulong[128];
    private int _count;

    /// <summary>Adds a pair.</summary>
    public void Push(int rank, int position)
    {
        if (_count == _items.Length)
        {
            Array.Resize(ref _items, _count * 2);
        }

        ulong item = ((ulong)(uint)rank << 32) | (uint)position;
        int hole = _count++;
        while (hole > 0)
        {
            int parent = (hole - 1) / 2;
            if (_items[parent] <= item)
            {
                break;
            }

            _items[hole] = _items[parent];
            hole = parent;
        }

        _items[hole] = item;
    }

    /// <summary>Takes the best pair, if there is one.</summary>
    public bool TryPop(out int rank, out int position)
    {
        if (_count == 0)
        {
            rank = position = 0;
            return false;
        }

        ulong best = _items[0];
        rank = (int)(best >> 32);
        position = (int)(uint)best;
        SiftDown(_items[--_count]);
        return true;
    }

    private void SiftDown(ulong item)
    {
        int hole = 0;
        for (int child; (child = (hole * 2) + 1) < _count; hole = child)
        {
            if (child + 1 < _count && _items[child + 1] < _items[child])
            {
                child++;
            }

            if (item <= _items[child])
            {
                break;
            }

            _items[hole] = _items[child];
        }

        _items[hole] = item;
    }
}
