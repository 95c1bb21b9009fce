using System.Security.Cryptography;
using System.Text;

namespace CodeParrot.Tokenizer.Merges;

/// <summary>
/// What a tokenizer's files say: the tokens by id, the merges by rank, and the ids of the special tokens.
/// </summary>
/// <param name="Tokens">Spelling of every token, at its id.</param>
/// <param name="Merges">Pairs of ids, best first.</param>
/// <param name="SpecialIds">Ids of the tokens that are never made by merges; ascending.</param>
internal sealed record Vocabulary(
    IReadOnlyList<string> Tokens,
    IReadOnlyList<Merge> Merges,
    IReadOnlyList<int> SpecialIds
)
{
    /// <summary>
    /// SHA-256 over tokens, merges and special ids, in hexadecimal; the same before and after saving.
    /// </summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string token in Tokens)
        {
            Append(hash, token);
        }

        Append(hash, "merges");
        foreach (Merge merge in Merges)
        {
            Append(hash, $"{merge.Left} {merge.Right} {merge.Id}");
        }

        Append(hash, "special");
        foreach (int id in SpecialIds)
        {
            Append(hash, $"{id}");
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string part) =>
        hash.AppendData(Encoding.UTF8.GetBytes(part + "\0"));
}
