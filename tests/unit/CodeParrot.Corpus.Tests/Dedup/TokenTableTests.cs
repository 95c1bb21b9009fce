using System.Text.RegularExpressions;
using CodeParrot.Corpus.Dedup;
using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Corpus.Tests.Dedup;

public sealed class TokenTableTests
{
    [Fact]
    public void It_finds_the_tokens_of_the_books_recipe()
    {
        var letters = Gen.Elements("ab_Z9 .()é\n\ud83d\ude00'".ToCharArray());
        var texts = Gen.ArrayOf(letters).Select(characters => new string(characters));
        var table = new TokenTable();

        Prop.ForAll(
                texts.ToArbitrary(),
                text =>
                {
                    var tokens = Regex.Split(text, "[^A-Za-z_0-9]").Where(token => token.Length > 0).ToList();
                    var found = table.Read(text, leastTokens: 3);
                    return tokens.Count < 3
                        ? found is null
                        : found!.Length == tokens.Distinct().Count()
                            && tokens.All(token => found.Contains(table.Read(token, leastTokens: 1)![0]));
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_set_is_ascending_and_the_same_in_any_order_of_the_text()
    {
        var names = Enumerable.Range(0, 20_000).Select(i => $"name{i}").ToArray();
        var table = new TokenTable();

        var forward = table.Read(string.Join(' ', names), leastTokens: 1)!;
        var small = table.Read("x y x", leastTokens: 1)!;
        var backward = table.Read(string.Join('.', names.Reverse().Concat(names)), leastTokens: 1)!;

        Assert.Equal(names.Length, forward.Length);
        Assert.Equal(2, small.Length);
        Assert.Equal(forward, backward);
        Assert.Equal(forward.Order(), forward);
    }
}
