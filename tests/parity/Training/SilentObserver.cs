using CodeParrot.Contract.Runtime;
using CodeParrot.Training;

namespace CodeParrot.Parity.Tests.Training;

internal sealed class SilentObserver : ITrainingObserver
{
    public void Progress(RunProgress progress) { }

    public void Information(string message) { }

    // That a machine is slow at some products is no fault of a run.
    public void Warning(string message) => Assert.Contains("slower than fp32", message);

    public void StepFinished(in StepFacts facts) { }

    public void Summary(AttemptSummary summary) { }

    public void CheckpointCommitted(CheckpointSummary checkpoint) { }
}
