namespace CodeParrot.Tokenizer.Splitting;

/// <summary>The four kinds of characters that GPT-2's splitting tells apart.</summary>
internal enum RuneClass : byte
{
    /// <summary>
    /// Neither of the others: punctuation, symbols, marks, controls, unassigned, and bytes that are not UTF-8.
    /// </summary>
    Other,

    /// <summary>Unicode categories L*.</summary>
    Letter,

    /// <summary>Unicode categories N*.</summary>
    Number,

    /// <summary>Unicode White_Space.</summary>
    Space,
}
