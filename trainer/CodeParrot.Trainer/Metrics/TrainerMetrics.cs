using CodeParrot.Contract.Runtime;
using Prometheus;

namespace CodeParrot.Trainer.Metrics;

/// <summary>What Prometheus sees of a trainer's pod, read from its progress at each scrape (docs/metrics.md).</summary>
internal sealed class TrainerMetrics
{
    private readonly Gauge _step;
    private readonly Gauge _maxSteps;
    private readonly Gauge _tokens;
    private readonly Gauge _samples;
    private readonly Gauge _loss;
    private readonly Gauge _evalLoss;
    private readonly Gauge _learningRate;
    private readonly Gauge _tokenRate;
    private readonly Gauge _checkpointStep;
    private readonly Gauge _checkpointTime;
    private readonly Gauge _rankStep;
    private readonly Gauge _rankStepTime;

    public TrainerMetrics(CollectorRegistry registry)
    {
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        _step = factory.CreateGauge("codeparrot_trainer_step_count", "Finished steps of the stage.", "stage");
        _maxSteps = factory.CreateGauge("codeparrot_trainer_max_step_count", "Steps of the stage in all.", "stage");
        _tokens = factory.CreateGauge("codeparrot_trainer_tokens_count", "Tokens trained on, all ranks.");
        _samples = factory.CreateGauge("codeparrot_trainer_samples_count", "Sequences trained on, all ranks.");
        _loss = factory.CreateGauge("codeparrot_trainer_loss_nats", "Training loss of the last step.");
        _evalLoss = factory.CreateGauge("codeparrot_trainer_eval_loss_nats", "Newest loss on held-out data.");
        _learningRate = factory.CreateGauge(
            "codeparrot_trainer_learning_rate_ratio",
            "Learning rate of the last step."
        );
        _tokenRate = factory.CreateGauge(
            "codeparrot_trainer_throughput_tokens_per_second",
            "Tokens a second, all ranks."
        );
        _checkpointStep = factory.CreateGauge(
            "codeparrot_trainer_checkpoint_step_count",
            "Step of the newest checkpoint."
        );
        _checkpointTime = factory.CreateGauge(
            "codeparrot_trainer_checkpoint_timestamp_seconds",
            "When the newest checkpoint was committed, Unix time."
        );
        _rankStep = factory.CreateGauge("codeparrot_trainer_rank_step_count", "Finished steps of a rank.", "rank");
        _rankStepTime = factory.CreateGauge(
            "codeparrot_trainer_rank_step_duration_seconds",
            "A rank's own computation in its last step.",
            "rank"
        );
    }

    public void Show(RunProgress progress)
    {
        _step.WithLabels(progress.Stage).Set(progress.Step);
        _maxSteps.WithLabels(progress.Stage).Set(progress.MaxSteps);
        _tokens.Set(progress.Tokens);
        _samples.Set(progress.Samples);
        Set(_loss, progress.Loss);
        Set(_evalLoss, progress.EvalLoss);
        Set(_learningRate, progress.LearningRate);
        Set(_tokenRate, progress.TokensPerSecond);
        Set(_checkpointStep, progress.Checkpoint?.Step);
        Set(_checkpointTime, progress.Checkpoint?.CreatedAt.ToUnixTimeSeconds());
        foreach (var rank in progress.Ranks)
        {
            _rankStep.WithLabels($"{rank.Rank}").Set(rank.Step);
            _rankStepTime.WithLabels($"{rank.Rank}").Set(rank.StepSeconds);
        }
    }

    private static void Set(Gauge gauge, double? value)
    {
        // A value that is not known yet is not published: a zero would look like a measurement.
        if (value is { } known)
        {
            gauge.Set(known);
        }
        else
        {
            gauge.Unpublish();
        }
    }
}
