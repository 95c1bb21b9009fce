using CodeParrot.Corpus;
using CodeParrot.Tokenizer;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Stages;

/// <summary>
/// Shows the libraries' progress as the stage's. Reports come from worker threads, in no particular order.
/// </summary>
internal sealed class StageProgress(StageContext context, string unit)
    : IProgress<CorpusProgress>,
        IProgress<BpeTrainingProgress>
{
    public void Report(CorpusProgress value) =>
        context.Report($"{value.Phase}: {value.Documents} documents, {value.Kept} kept", value.Documents, 0, unit);

    public void Report(BpeTrainingProgress value) =>
        context.Report(
            $"merging: {value.DistinctWords} distinct words of {value.Documents} documents",
            value.VocabularySize,
            value.TargetVocabularySize,
            "tokens"
        );
}
