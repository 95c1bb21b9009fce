namespace CodeParrot.Training;

/// <summary>
/// Spikes of loss or gradient in a row, and <c>training.guards.spikes.action</c> is RollBack: the run is to go back to
/// its newest checkpoint and leave out the data from there to here. Thrown on all ranks alike; exit code 40.
/// </summary>
public sealed class LossSpikeException : Exception
{
    internal LossSpikeException(string what, long step, string checkpoint, long skipSteps)
        : base(
            $"spike at step {step}: {what}. Nothing was updated; go back to checkpoint {checkpoint} with skipSteps "
                + $"{skipSteps}, which leaves out the data up to here"
        )
    {
        Step = step;
        Checkpoint = checkpoint;
        SkipSteps = skipSteps;
    }

    /// <summary>Gets the step, from 1.</summary>
    public long Step { get; }

    /// <summary>Gets the newest complete checkpoint, <c>branch/name</c>.</summary>
    public string Checkpoint { get; }

    /// <summary>Gets the steps of data after the checkpoint to leave out.</summary>
    public long SkipSteps { get; }
}
