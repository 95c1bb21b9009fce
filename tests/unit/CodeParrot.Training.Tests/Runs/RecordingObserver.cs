using CodeParrot.Contract.Runtime;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>Keeps everything that the engine tells.</summary>
internal sealed class RecordingObserver : ITrainingObserver
{
    public List<RunProgress> Progresses { get; } = [];

    public List<string> Informations { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<AttemptSummary> Summaries { get; } = [];

    public List<StepFacts> Steps { get; } = [];

    public List<CheckpointSummary> Checkpoints { get; } = [];

    /// <summary>Called on the training thread with each of <see cref="Progresses"/>.</summary>
    public Action<RunProgress> Told { get; set; } = static _ => { };

    public void Progress(RunProgress progress)
    {
        Progresses.Add(progress);
        Told(progress);
    }

    public void Information(string message) => Informations.Add(message);

    public void Warning(string message) => Warnings.Add(message);

    public void StepFinished(in StepFacts facts) => Steps.Add(facts);

    public void Summary(AttemptSummary summary) => Summaries.Add(summary);

    public void CheckpointCommitted(CheckpointSummary checkpoint) => Checkpoints.Add(checkpoint);
}
