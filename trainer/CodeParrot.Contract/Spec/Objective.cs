namespace CodeParrot.Contract.Spec;

/// <summary>What the model learns to predict.</summary>
public enum Objective
{
    /// <summary>The next token.</summary>
    CausalLm,

    /// <summary>
    /// 15 % of the tokens, hidden or changed, from those on both sides (BERT). Such a model cannot generate.
    /// </summary>
    MaskedLm,

    /// <summary>
    /// Spans taken out of a sequence, 15 % of it, written behind it in order (T5's objective for a decoder).
    /// </summary>
    SpanCorruption,
}
