namespace CodeParrot.Training;

/// <summary>How an attempt ended, when it did not fail.</summary>
public enum TrainingOutcome
{
    /// <summary>All steps are done and the last checkpoint is committed.</summary>
    Finished,

    /// <summary>Stopped on request after a checkpoint; the next attempt goes on from it.</summary>
    Stopped,
}
