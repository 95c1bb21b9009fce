namespace CodeParrot.Model.Generation;

/// <summary>Completions that are computed at once: which have ended, and which rows of the cache go on.</summary>
internal sealed class LivingRows(int count, int capacity)
{
    private readonly List<int>[] _tokens = [.. Enumerable.Range(0, count).Select(_ => new List<int>(capacity))];
    private readonly bool[] _isStopped = new bool[count];

    /// <summary>The completion that each row of the cache belongs to; some of them may have ended.</summary>
    public int[] Living { get; private set; } = [.. Enumerable.Range(0, count)];

    /// <summary>The newest token of each row.</summary>
    public int[] Last { get; private set; } = new int[count];

    /// <summary>All completions, in their order.</summary>
    public List<Completion> Completions =>
        [.. _tokens.Select((tokens, index) => new Completion(tokens, _isStopped[index]))];

    /// <summary>Takes a row's new token, unless its completion has ended.</summary>
    public void Add(int row, int token, GenerationOptions options)
    {
        Last[row] = token;
        var completion = Living[row];
        if (_isStopped[completion])
        {
            return;
        }

        if (options.StopIds.Contains(token))
        {
            _isStopped[completion] = true;
            return;
        }

        _tokens[completion].Add(token);
        _isStopped[completion] = options.EndsWhen?.Invoke(_tokens[completion]) is true;
    }

    /// <summary>
    /// Gives up the rows that have ended once they are half of all, as each time what the others hold is copied.
    /// </summary>
    /// <returns>The rows that are kept; null if all are.</returns>
    public int[]? Drop()
    {
        int[] kept = [.. Enumerable.Range(0, Living.Length).Where(row => !_isStopped[Living[row]])];
        if (kept.Length > Living.Length / 2)
        {
            return null;
        }

        Living = [.. kept.Select(row => Living[row])];
        Last = [.. kept.Select(row => Last[row])];
        return kept.Length > 0 ? kept : null;
    }
}
