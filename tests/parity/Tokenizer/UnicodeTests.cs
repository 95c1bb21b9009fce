using System.Text;
using CodeParrot.Tokenizer;
using CodeParrot.Tokenizer.Splitting;

namespace CodeParrot.Parity.Tests.Tokenizer;

/// <summary>
/// Splitting rests on the Unicode tables of the runtime (16.0), and on those of its regex engine there (14.0 in the
/// oracle). The two may differ only in characters that the older tables do not know.
/// </summary>
public sealed class UnicodeTests
{
    // Letters and numbers that Unicode 15.0 to 16.0 added; the first is U+1C89.
    private const int NewerCharacterCount = 9392;
    private const int FirstNewerCharacter = 0x1C89;

    [Fact]
    public void Characters_have_the_same_class_there_unless_newer_than_its_tables()
    {
        // Plane 4 to 13 are empty, and 14 to 16 hold neither letters nor numbers.
        int[] codePoints = [.. Enumerable.Range(1, 0x3FFFF).Where(value => value is < 0xD800 or > 0xDFFF)];

        List<string[]> theirs = Oracle.Get().Split(codePoints.Select(Probe));

        Assert.Equal(codePoints.Length, theirs.Count);
        var different = codePoints
            .Index()
            .Where(probe => !Split(Probe(probe.Item)).SequenceEqual(theirs[probe.Index]))
            .ToList();
        Assert.Equal(NewerCharacterCount, different.Count);
        Assert.Equal(FirstNewerCharacter, different[0].Item);
        Assert.All(
            different,
            probe => Assert.Equal(["a", $"{Spell(probe.Item)}", "1", $"!{Spell(probe.Item)}!"], theirs[probe.Index])
        );
    }

    /// <summary>Each of the four classes splits this in another way.</summary>
    private static string Probe(int codePoint)
    {
        string character = char.ConvertFromUtf32(codePoint);
        return $"a{character}1!{character}!";
    }

    private static string Spell(int codePoint) =>
        ByteAlphabet.Spell(Encoding.UTF8.GetBytes(char.ConvertFromUtf32(codePoint)));

    private static List<string> Split(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        var words = new List<string>();
        for (int start = 0; start < utf8.Length; )
        {
            int end = WordSplitter.WordEnd(utf8, start);
            words.Add(ByteAlphabet.Spell(utf8.AsSpan(start, end - start)));
            start = end;
        }

        return words;
    }
}
