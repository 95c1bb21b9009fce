using CodeParrot.Contract.Runtime;
using CodeParrot.Training;

namespace CodeParrot.Parity.Tests.Training;

internal sealed class SilentObserver : ITrainingObserver
{
    public void Progress(RunProgress progress) { }

    public void Information(string message) { }

    public void Warning(string message) => Assert.Fail(message);

    public void StepFinished(in StepFacts facts) { }

    public void Summary(AttemptSummary summary) { }

    public void CheckpointCommitted(CheckpointSummary checkpoint) { }
}
