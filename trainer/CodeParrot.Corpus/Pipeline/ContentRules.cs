using CodeParrot.Corpus.Dedup;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>What is done with a text that passed the filters. Safe for concurrent use.</summary>
internal sealed class ContentRules
{
    /// <summary>Gets what makes sketches for near duplicates; none where they are not looked for.</summary>
    public NearSketcher? Sketcher { get; init; }

    /// <summary>Adds a text to what is kept.</summary>
    public void Apply(RawDocument raw, string content, long contentBytes, BatchResult result) =>
        result.Kept.Add(KeptDocument.OfText(raw, content, contentBytes, Sketcher?.Sketch(content)));
}
