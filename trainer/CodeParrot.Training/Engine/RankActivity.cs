namespace CodeParrot.Training.Engine;

/// <summary>What a rank does, by the names of <see cref="Contract.Runtime.RankProgress.State"/>.</summary>
internal enum RankActivity
{
    Starting,
    Joining,
    Training,
    Evaluating,
    Checkpointing,
    Stopping,
    Done,
}
