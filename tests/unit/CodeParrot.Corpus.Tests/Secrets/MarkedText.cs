using CodeParrot.Corpus.Secrets;

namespace CodeParrot.Corpus.Tests.Secrets;

/// <summary>Texts in which «secrets» are marked.</summary>
internal static class MarkedText
{
    // Written so that no scanner of this repository takes them for leaked ones.
    public const string Random40 = "aB3x9Kq7ZpL2mW8nR4vT6yU1cD5eF0gH3jS7kQ9z";
    public const string Hex32 = "3f9a1c07b4e8d2560fa3c9e17b8d4a62";

    /// <summary>Takes the marks out and says where they were.</summary>
    public static (string Text, List<string> Secrets) Read(string marked)
    {
        var secrets = marked.Split('«').Skip(1).Select(piece => piece.Split('»')[0]).ToList();
        return (marked.Replace("«", "").Replace("»", ""), secrets);
    }

    /// <summary>Returns the texts of what is found, pieces of a key block as one line each.</summary>
    public static List<string> Found(string text) =>
        [.. SecretFinder.Find(text).Select(secret => text.Substring(secret.Start, secret.Length))];
}
