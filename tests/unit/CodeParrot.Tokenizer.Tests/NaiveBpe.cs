using System.Text;
using CodeParrot.Tokenizer.Merges;

namespace CodeParrot.Tokenizer.Tests;

/// <summary>Byte pair encoding as one would write it on a blackboard: recounts everything at each merge.</summary>
internal static class NaiveBpe
{
    /// <summary>Merges learnt from words, with ids as in training: one special token, 256 bytes, then merges.</summary>
    public static List<Merge> Learn(IEnumerable<string> words, int mergeCount, long minFrequency = 1)
    {
        var symbols = words.Select(Symbols).ToList();
        var merges = new List<Merge>();
        while (merges.Count < mergeCount)
        {
            var counts = new Dictionary<(int, int), long>();
            foreach (List<int> word in symbols)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    counts[(word[i], word[i + 1])] = counts.GetValueOrDefault((word[i], word[i + 1])) + 1;
                }
            }

            if (counts.Count == 0 || counts.Values.Max() < minFrequency)
            {
                break;
            }

            (int left, int right) = counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First().Key;
            var merge = new Merge(left, right, 257 + merges.Count);
            merges.Add(merge);
            symbols.ForEach(word => Apply(word, merge));
        }

        return merges;
    }

    /// <summary>The tokens of one word: each merge in turn, from the left.</summary>
    public static List<int> Encode(string word, IEnumerable<Merge> merges)
    {
        List<int> symbols = Symbols(word);
        foreach (Merge merge in merges)
        {
            Apply(symbols, merge);
        }

        return symbols;
    }

    public static int ByteId(byte value) =>
        1 + ByteAlphabet.Sorted.Index().First(x => x.Item == ByteAlphabet.ToChar(value)).Index;

    private static List<int> Symbols(string word) => [.. Encoding.UTF8.GetBytes(word).Select(ByteId)];

    private static void Apply(List<int> word, Merge merge)
    {
        for (int i = 0; i + 1 < word.Count; i++)
        {
            if (word[i] == merge.Left && word[i + 1] == merge.Right)
            {
                word[i] = merge.Id;
                word.RemoveAt(i + 1);
            }
        }
    }
}
