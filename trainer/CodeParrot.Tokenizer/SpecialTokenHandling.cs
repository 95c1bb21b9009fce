namespace CodeParrot.Tokenizer;

/// <summary>What the spelling of a special token, such as <c>&lt;|endoftext|&gt;</c>, means inside a text.</summary>
public enum SpecialTokenHandling
{
    /// <summary>
    /// It is text like any other. Corpora are encoded so: a source file that contains the literal must not forge a
    /// document boundary. Decoding still gives the text back.
    /// </summary>
    AsText,

    /// <summary>It is the special token, as in the Hugging Face tokenizers: prompts are encoded so.</summary>
    Parsed,
}
