using CodeParrot.Contract.Runtime;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>Passes on what the engine tells, and what the rank does to whoever may end it.</summary>
internal sealed class MortalObserver(ITrainingObserver inner, Action<string> entered) : ITrainingObserver
{
    private string _state = "";

    public void Progress(RunProgress progress)
    {
        inner.Progress(progress);
        if (progress.Ranks[0].State != _state)
        {
            _state = progress.Ranks[0].State;
            entered(_state);
        }
    }

    public void Information(string message) => inner.Information(message);

    public void Warning(string message) => inner.Warning(message);

    public void StepFinished(in StepFacts facts) => inner.StepFinished(facts);

    public void Summary(AttemptSummary summary) => inner.Summary(summary);

    public void CheckpointCommitted(CheckpointSummary checkpoint) => inner.CheckpointCommitted(checkpoint);
}
