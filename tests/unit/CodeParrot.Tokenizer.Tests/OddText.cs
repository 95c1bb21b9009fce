using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Tokenizer.Tests;

/// <summary>Generates strings of source code's words mixed with what breaks tokenizers.</summary>
internal static class OddText
{
    private static readonly string[] Pieces =
    [
        "a",
        "b",
        "ab",
        "aa",
        "x1",
        "def ",
        "return",
        "self.",
        "    ",
        "  ",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\u00a0",
        "\u3000",
        "\u2028",
        "\u0085",
        "\u200b",
        "\u180e",
        "'s",
        "'ll",
        "'",
        "'S",
        "’s",
        "0x1F",
        "½",
        "Ⅷ",
        "١٢",
        "一二",
        "é",
        "e\u0301",
        "न",
        "\u094d",
        "ß",
        "İ",
        "\0",
        "\u007f",
        "\ufeff",
        "\ufffd",
        "\ue000",
        "😀",
        "👩\u200d👧",
        "𝐀",
        "𠀀",
        "𝟗",
        "<|endoftext|>",
        "<|end",
        "!!",
        "_",
        "==",
        "#",
        "\"\"\"",
        "(",
        "):",
    ];

    /// <summary>Strings without lone surrogates.</summary>
    public static Arbitrary<string> Any { get; } = Of(Pieces);

    /// <summary>Strings of the basic plane alone.</summary>
    public static Arbitrary<string> OfBasicPlane { get; } =
        Of([.. Pieces.Where(piece => !piece.Any(char.IsSurrogate))]);

    /// <summary>Strings made of some of the given pieces.</summary>
    public static Arbitrary<string> Of(string[] pieces) =>
        Gen.Elements(pieces).ListOf().Select(string.Concat).ToArbitrary();
}
