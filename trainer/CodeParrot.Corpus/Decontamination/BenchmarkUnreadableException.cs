namespace CodeParrot.Corpus.Decontamination;

/// <summary>A benchmark that was to be kept out of the corpus cannot be read as one.</summary>
public sealed class BenchmarkUnreadableException(string uri, string complaint, Exception? cause = null)
    : CorpusException(
        $"spec.corpus.decontaminate: '{uri}' {complaint}; name JSON lines with the fields prompt, canonical_solution "
            + "or test (.jsonl, .jsonl.gz, .jsonl.zst), or texts, one a line",
        cause
    );
