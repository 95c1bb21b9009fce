using CodeParrot.Contract.Spec;
using CodeParrot.Training.Accounting;
using CodeParrot.Training.Guards;
using CodeParrot.Training.Recovery;

namespace CodeParrot.Training.Engine;

/// <summary>Brings a run into a rank's memory.</summary>
internal static class RunLoader
{
    /// <summary>
    /// Loads model, optimiser and what goes with them; where another rank holds the run, they wait for its state.
    /// </summary>
    /// <param name="context">The attempt.</param>
    /// <param name="spec">The spec as it is computed.</param>
    /// <param name="start">Where the round goes on from.</param>
    /// <param name="memory">Holds the corpus, and takes the tokenizer.</param>
    /// <param name="reporter">Told of checkpoints.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static HeldRun Load(
        TrainingContext context,
        RunSpec spec,
        RunStart start,
        RankMemory memory,
        ProgressReporter reporter,
        CancellationToken cancellationToken
    )
    {
        var loader = new ModelLoader(context, memory.Corpus!.Manifest, cancellationToken);
        var (model, optimiser, state) = loader.Load(start);
        try
        {
            memory.Tokenizer ??= context.Group.Rank == 0 ? loader.LoadTokenizer() : [];
            var guard = new StepGuard(spec.Training.Guards, spec.Training.Precision);
            if (state?.Guard is { } remembered)
            {
                guard.Restore(remembered);
            }
            var peak = PeakRate.Of(model.Parameters.device, spec.Training.Precision);
            var account = new RunAccount(model, peak, context.Group.WorldSize, state?.Account, context.Time);
            return new HeldRun(model, optimiser, guard, account, start.Precision, start.PositionFor(context))
            {
                Keeper = new CheckpointKeeper(context, start, model, memory.Tokenizer, reporter, cancellationToken),
                Peak = peak,
                Stream = state?.Stream,
                // Nobody asks for rows where a loss ends the attempt: the next one has those of its checkpoint.
                Tail = context.Rejoin is null ? null : new StepTail(),
            };
        }
        catch
        {
            optimiser.Dispose();
            model.Dispose();
            throw;
        }
    }
}
