using System.Text;
using CodeParrot.Corpus.Decontamination;
using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Secrets;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>What is done with a text that passed the filters. Safe for concurrent use.</summary>
internal sealed class ContentRules
{
    /// <summary>Gets the benchmarks that must not be in the corpus; none where there are none.</summary>
    public BenchmarkIndex? Benchmarks { get; init; }

    /// <summary>Gets what happens to secrets.</summary>
    public SecretHandling Secrets { get; init; }

    /// <summary>Gets what makes sketches for near duplicates; none where they are not looked for.</summary>
    public NearSketcher? Sketcher { get; init; }

    /// <summary>Adds a text to what is kept, or says why it is not.</summary>
    public void Apply(RawDocument raw, string content, long contentBytes, BatchResult result)
    {
        if (Benchmarks?.Find(content) is { Count: > 0 } problems)
        {
            result.Drop(DropReason.Benchmark);
            result.Problems.AddRange(problems);
            return;
        }
        if (Secrets != SecretHandling.Keep && SecretFinder.Find(content) is { Count: > 0 } secrets)
        {
            result.SecretDocuments++;
            foreach (var secret in secrets)
                result.Secrets[(int)secret.Kind] += secret.IsRest ? 0 : 1;
            if (Secrets == SecretHandling.Drop)
            {
                result.Drop(DropReason.Secret);
                return;
            }
            content = SecretRedactor.Redact(content, secrets);
            contentBytes = Encoding.UTF8.GetByteCount(content);
        }
        result.Kept.Add(KeptDocument.OfText(raw, content, contentBytes, Sketcher?.Sketch(content)));
    }
}
