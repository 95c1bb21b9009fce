using CodeParrot.Tokenizer.Merges;

namespace CodeParrot.Tokenizer.Files;

/// <summary>Collects what tokenizer files say and checks that it fits together.</summary>
/// <param name="path">The file that holds the tokens, for messages.</param>
internal sealed class VocabularyBuilder(string path)
{
    private readonly Dictionary<string, int> _ids = [];
    private readonly List<Merge> _merges = [];
    private readonly SortedSet<int> _specialIds = [];

    /// <summary>Adds the model's tokens.</summary>
    public void AddTokens(IEnumerable<(string Token, int Id)> tokens)
    {
        foreach ((string token, int id) in tokens)
        {
            if (!_ids.TryAdd(token, id))
            {
                throw new TokenizerFormatException(path, $"token '{token}' stands twice in the vocabulary");
            }
        }
    }

    /// <summary>Marks a token as special, adding it to the vocabulary if it has an id of its own.</summary>
    /// <param name="token">Its text.</param>
    /// <param name="id">Its id, or null for the one that the vocabulary has.</param>
    public void AddSpecial(string token, int? id)
    {
        if (!_ids.TryGetValue(token, out int known))
        {
            known = id ?? throw new TokenizerFormatException(path, $"the vocabulary lacks '{token}'");
            _ids.Add(token, known);
        }

        if (id is not null && id != known)
        {
            throw new TokenizerFormatException(path, $"added token '{token}' has the ids {known} and {id}");
        }

        _specialIds.Add(known);
    }

    /// <summary>Adds the next merge, written "left right".</summary>
    public void AddMerge(string merge, string file, string where)
    {
        string[] parts = merge.Split(' ');
        if (parts.Length != 2)
        {
            throw new TokenizerFormatException(file, $"{where}: expected two tokens, was '{merge}'");
        }

        AddMerge(parts[0], parts[1], file, where);
    }

    /// <summary>Adds the next merge.</summary>
    public void AddMerge(string left, string right, string file, string where)
    {
        if (
            !_ids.TryGetValue(left, out int leftId)
            || !_ids.TryGetValue(right, out int rightId)
            || !_ids.TryGetValue(left + right, out int id)
        )
        {
            throw new TokenizerFormatException(
                file,
                $"{where}: '{left}', '{right}' and '{left + right}' must all be tokens of the vocabulary"
            );
        }

        _merges.Add(new Merge(leftId, rightId, id));
    }

    /// <summary>The vocabulary, once its ids are known to be dense and every byte to have a token.</summary>
    public Vocabulary Build()
    {
        var tokens = new string[_ids.Count];
        foreach ((string token, int id) in _ids)
        {
            if ((uint)id >= (uint)tokens.Length || tokens[id] is not null)
            {
                throw new TokenizerFormatException(
                    path,
                    $"the ids of {tokens.Length} tokens must be 0 to {tokens.Length - 1}, each once: '{token}' has {id}"
                );
            }

            tokens[id] = token;
        }

        if (ByteAlphabet.Sorted.FirstOrDefault(symbol => !_ids.ContainsKey($"{symbol}")) is var missing and not '\0')
        {
            throw new TokenizerFormatException(
                path,
                $"byte 0x{ByteAlphabet.ToByte(missing):X2} ('{missing}') has no token: not a byte-level vocabulary"
            );
        }

        return new Vocabulary(tokens, _merges, [.. _specialIds]);
    }
}
