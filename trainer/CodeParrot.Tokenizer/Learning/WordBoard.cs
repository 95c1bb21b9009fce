using CodeParrot.Tokenizer.Words;

namespace CodeParrot.Tokenizer.Learning;

/// <summary>
/// All distinct words as tokens on one long tape, so that a token and its neighbours are found from a place alone. A
/// token of n bytes takes n cells: the first holds its id, the last its complement if n is above 1, those between are
/// dead.
/// </summary>
internal sealed class WordBoard
{
    /// <summary>Stands between words.</summary>
    public const int Gap = int.MinValue;

    private const int Dead = int.MinValue + 1;

    private readonly int[] _cells;
    private readonly int[] _wordOf;
    private readonly long[] _counts;
    private readonly int[] _lengths;

    /// <summary>A tape of the words of two bytes and more.</summary>
    /// <param name="words">The words.</param>
    /// <param name="byteIds">The token of each byte.</param>
    /// <param name="vocabularySize">Upper bound of the ids.</param>
    public WordBoard(WordTable words, int[] byteIds, int vocabularySize)
    {
        _lengths = new int[vocabularySize];
        foreach (int id in byteIds)
        {
            _lengths[id] = 1;
        }

        _counts = new long[words.Count];
        _cells = new int[checked(words.ByteCount + words.Count + 1)];
        _wordOf = new int[_cells.Length];
        _cells[0] = Gap;
        int cell = 1;
        for (int i = 0; i < words.Count; i++)
        {
            ReadOnlySpan<byte> word = words.Word(i);
            if (word.Length < 2)
            {
                continue;
            }

            _counts[i] = words.Occurrences(i);
            foreach (byte value in word)
            {
                _wordOf[cell] = i;
                _cells[cell++] = byteIds[value];
            }

            _cells[cell++] = Gap;
        }

        Length = cell;
    }

    /// <summary>Cells in use; the first and the last are gaps.</summary>
    public int Length { get; }

    /// <summary>What a cell holds: an id, or a negative number where no token starts.</summary>
    public int this[int cell] => _cells[cell];

    /// <summary>Length of a token in cells.</summary>
    public int TokenLength(int id) => _lengths[id];

    /// <summary>How often the word around a cell occurs in the corpus.</summary>
    public long Count(int cell) => _counts[_wordOf[cell]];

    /// <summary>The token that ends before a cell, or a negative number at the start of a word.</summary>
    public int Before(int cell)
    {
        int last = _cells[cell - 1];
        return last >= 0 || last == Gap ? last : ~last;
    }

    /// <summary>Finds the first pair of neighbours that starts at a cell or behind it.</summary>
    /// <param name="cell">Where to begin; then where the pair's left token starts.</param>
    /// <param name="key">The pair, as <see cref="PairTable.Key"/> packs it.</param>
    public bool TryNextPair(ref int cell, out ulong key)
    {
        for (; cell < Length - 1; cell++)
        {
            int left = _cells[cell];
            int right = left < 0 ? Gap : _cells[cell + _lengths[left]];
            if (right >= 0)
            {
                key = PairTable.Key(left, right);
                return true;
            }
        }

        key = 0;
        return false;
    }

    /// <summary>Gives a new token its length.</summary>
    public void Define(int id, int left, int right) => _lengths[id] = _lengths[left] + _lengths[right];

    /// <summary>Makes the tokens at two neighbouring places one.</summary>
    public void Join(int cell, int right, int id)
    {
        _cells[right] = Dead;
        _cells[cell] = id;
        _cells[cell + _lengths[id] - 1] = ~id;
    }
}
