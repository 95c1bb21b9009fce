using CodeParrot.Contract.Runtime;

namespace CodeParrot.Training;

/// <summary>What the engine tells its host, always on the thread that runs it. Calls must return soon.</summary>
public interface ITrainingObserver
{
    /// <summary>The state of the run as this rank sees it, after each step and whenever what it does changes.</summary>
    void Progress(RunProgress progress);

    /// <summary>Something a person may want to know once: where training starts from, how large the model is.</summary>
    void Information(string message);

    /// <summary>Something is degraded: a damaged checkpoint was skipped, a resume is not bit-identical.</summary>
    void Warning(string message);

    /// <summary>A step is done.</summary>
    void StepFinished(in StepFacts facts);

    /// <summary>The attempt has ended well, with its last step or a stop, and came to this.</summary>
    void Summary(AttemptSummary summary);

    /// <summary>A checkpoint is durable (rank 0).</summary>
    void CheckpointCommitted(CheckpointSummary checkpoint);
}
