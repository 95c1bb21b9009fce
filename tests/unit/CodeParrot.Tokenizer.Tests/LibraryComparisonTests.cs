using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace CodeParrot.Tokenizer.Tests;

/// <summary>
/// Where Microsoft.ML.Tokenizers agrees with ours and where it does not: the measured facts of decision 0003. If a
/// later version agrees everywhere, these tests say so by failing.
/// </summary>
public sealed partial class LibraryComparisonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-").FullName;

    public LibraryComparisonTests()
    {
        ATokenizer.Small.Save(_folder, 1024);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("def area(self, width):\n    return 'it''s' * 2.5\r\n\t\t# naïve 面積")]
    [InlineData("a  b   \n\n  c  ")]
    [InlineData("a😀b")]
    public void Agrees_on_the_basic_plane_and_on_symbols(string text)
    {
        Assert.Equal(ATokenizer.Small.Encode(text), Library(_folder).EncodeToIds(text));
    }

    [Fact]
    public void Splits_letters_beyond_the_basic_plane()
    {
        string[] documents = ["x𝐀b x𝐀b x𝐀b"];
        BpeTokenizer tokenizer = ATokenizer.TrainedOn(documents, 300);
        tokenizer.Save(_folder, 1024);

        IReadOnlyList<int> library = Library(_folder).EncodeToIds("x𝐀b");

        Assert.Single(tokenizer.Encode("x𝐀b"));
        Assert.NotEqual(tokenizer.Encode("x𝐀b"), library);
    }

    private static Microsoft.ML.Tokenizers.BpeTokenizer Library(string folder)
    {
        var options = new BpeOptions(Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"))
        {
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(Pattern(), null),
        };
        return Microsoft.ML.Tokenizers.BpeTokenizer.Create(options);
    }

    [GeneratedRegex(
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        RegexOptions.None,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex Pattern();
}
