namespace CodeParrot.Tokenizer.Learning;

/// <summary>Places of many pairs in one array; each pair has a stretch of it.</summary>
internal sealed class PlaceList
{
    private int[] _places = [];
    private int _count;

    /// <summary>A place by its position in the list.</summary>
    public ref int this[int index] => ref _places[index];

    /// <summary>Makes room for a stretch and gives its start.</summary>
    public int Reserve(int count)
    {
        int start = _count;
        _count = checked(_count + count);
        if (_places.Length < _count)
        {
            Array.Resize(ref _places, (int)Math.Min(Math.Max(_count, _places.Length * 3L / 2), Array.MaxLength));
        }

        return start;
    }

    /// <summary>Gives up all stretches; the room is used again.</summary>
    public void Clear() => _count = 0;
}
