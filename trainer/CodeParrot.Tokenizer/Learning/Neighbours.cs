using System.Runtime.InteropServices;

namespace CodeParrot.Tokenizer.Learning;

/// <summary>
/// What one merge changes on one side of the merged pair, by neighbouring token: pairs that go, pairs that come.
/// Arrays by id stand in for a hash table, as one of the two tokens is the same in all these pairs.
/// </summary>
internal sealed class Neighbours(int vocabularySize)
{
    private readonly Change[] _changes = new Change[vocabularySize];
    private readonly List<int> _touched = [];

    /// <summary>The neighbours that something changed for.</summary>
    public IReadOnlyList<int> Touched => _touched;

    /// <summary>What changed for a neighbour.</summary>
    public ref readonly Change Of(int id) => ref _changes[id];

    /// <summary>The old pair with this neighbour is gone from a place.</summary>
    public void Remove(int id, long count)
    {
        Touch(id).Removed += count;
    }

    /// <summary>The new pair with this neighbour came to a place.</summary>
    public void Add(int id, long count)
    {
        ref Change change = ref Touch(id);
        change.Added += count;
        change.Places++;
    }

    /// <summary>A new pair went again, as the neighbour was merged too; its place stays in the list.</summary>
    public void Retract(int id, long count) => Touch(id).Added -= count;

    /// <summary>Says where the places of a neighbour's pair are to be written; negative for nowhere.</summary>
    public void SetCursor(int id, int cursor) => _changes[id].Cursor = cursor;

    /// <summary>The next place to write, or a negative number.</summary>
    public int Advance(int id)
    {
        ref Change change = ref _changes[id];
        return change.Cursor < 0 ? change.Cursor : change.Cursor++;
    }

    /// <summary>Forgets all changes.</summary>
    public void Clear()
    {
        foreach (int id in _touched)
        {
            _changes[id] = default;
        }

        _touched.Clear();
    }

    private ref Change Touch(int id)
    {
        ref Change change = ref _changes[id];
        if (!change.IsTouched)
        {
            change.IsTouched = true;
            _touched.Add(id);
        }

        return ref change;
    }

    [StructLayout(LayoutKind.Auto)]
    internal struct Change
    {
        public long Removed;
        public long Added;
        public int Places;
        public int Cursor;
        public bool IsTouched;
    }
}
