using CodeParrot.Checkpoints;
using CodeParrot.Corpus.Tokens;

namespace CodeParrot.Training.Recovery;

/// <summary>
/// What a rank keeps from one round to the next: its open corpus, and the run, as far as it has one.
/// </summary>
internal sealed class RankMemory : IDisposable
{
    /// <summary>Gets or sets the token shards, fetched and verified; null before.</summary>
    public TokenCorpus? Corpus { get; set; }

    /// <summary>Gets or sets the tokenizer's files for checkpoints; null before, empty where there are none.</summary>
    public IReadOnlyList<CheckpointSource>? Tokenizer { get; set; }

    /// <summary>Gets or sets the run; null before it is loaded.</summary>
    public HeldRun? Run { get; set; }

    /// <summary>Gets the step of the whole state in memory; -1 if there is none.</summary>
    public long WholeStep => Run is { IsWhole: true } run ? run.Position.Step : -1;

    /// <summary>Frees the run, which is to be loaded anew.</summary>
    public void Forget()
    {
        Run?.Dispose();
        Run = null;
    }

    public void Dispose()
    {
        Forget();
        Corpus?.Dispose();
    }
}
