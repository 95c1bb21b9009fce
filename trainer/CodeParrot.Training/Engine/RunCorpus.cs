using CodeParrot.Contract.Manifest;
using CodeParrot.Corpus.Tokens;

namespace CodeParrot.Training.Engine;

/// <summary>The token shards that a run trains on.</summary>
internal static class RunCorpus
{
    /// <summary>Fetches and maps them; the caller disposes the corpus.</summary>
    public static TokenCorpus Open(TrainingContext context, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(context.WorkFolder, "tokens");
        return TokenCorpus.Open(
            Blocking.Run(() =>
                TokenCorpusCache.FetchAsync(context.Store, context.Lineage.Tokens, folder, cancellationToken)
            )
        );
    }

    /// <summary>Counts the sequences to train on.</summary>
    /// <param name="train">The training split.</param>
    /// <param name="time">Tokens of a sequence.</param>
    /// <exception cref="ManifestException">There is none.</exception>
    /// <exception cref="SequenceLengthException">Ready-made sequences are not all of this length.</exception>
    public static long RequireSequences(TokenSplit train, int time)
    {
        var count = train.SequenceCount(time);
        return count > 0
            ? count
            : throw new ManifestException(
                "run.yaml",
                [
                    new SpecMistake(
                        "spec.corpus",
                        $"must give at least one sequence of {time} tokens, the training split has "
                            + $"{train.Tokens} tokens; "
                            + "add documents, or lower spec.model.contextLength"
                    ),
                ]
            );
    }
}
