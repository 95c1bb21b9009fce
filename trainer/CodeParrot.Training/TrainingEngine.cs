namespace CodeParrot.Training;

/// <summary>Trains one rank of a run from its newest checkpoint to the end, or to a stop.</summary>
public static class TrainingEngine
{
    /// <summary>
    /// Runs one attempt on this thread. All ranks of the group call it with the same manifest; rank 0 decides where to go
    /// on from, and writes checkpoints and metrics.
    /// </summary>
    /// <param name="context">The attempt.</param>
    /// <param name="cancellationToken">Gives up at once, without a checkpoint; see <see cref="TrainingContext.StopRequested"/>.</param>
    /// <exception cref="DivergedException">The loss is not a number.</exception>
    public static TrainingResult Run(TrainingContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        throw new NotSupportedException();
    }
}
