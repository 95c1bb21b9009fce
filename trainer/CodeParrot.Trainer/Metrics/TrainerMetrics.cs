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
    private readonly Gauge _gradientNorm;
    private readonly Gauge _lossScale;
    private readonly Gauge _skippedSteps;
    private readonly Gauge _tokenRate;
    private readonly Gauge _mfu;
    private readonly Gauge _dataWait;
    private readonly Gauge _goodput;
    private readonly Gauge _peakMemory;
    private readonly Gauge _peakDeviceMemory;
    private readonly Gauge _straggler;
    private readonly Gauge _stragglerRank;
    private readonly Gauge _checkpointStep;
    private readonly Gauge _checkpointTime;
    private readonly Gauge _checkpointPause;
    private readonly Counter _rounds;
    private readonly Gauge _rankStep;
    private readonly Gauge _rankStepTime;

    public TrainerMetrics(CollectorRegistry registry)
    {
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        Gauge Create(string name, string help, params string[] labels) =>
            factory.CreateGauge("codeparrot_trainer_" + name, help, labels);

        _step = Create("step_count", "Finished steps of the stage.", "stage");
        _maxSteps = Create("max_step_count", "Steps of the stage in all.", "stage");
        _tokens = Create("tokens_count", "Tokens trained on, all ranks.");
        _samples = Create("samples_count", "Sequences trained on, all ranks.");
        _loss = Create("loss_nats", "Training loss of the last step.");
        _evalLoss = Create("eval_loss_nats", "Newest loss on held-out data.");
        _learningRate = Create("learning_rate_ratio", "Learning rate of the last step.");
        _gradientNorm = Create("gradient_norm_ratio", "Global gradient norm of the last step.");
        _lossScale = Create("loss_scale_ratio", "Factor on the loss of an fp16 run.");
        _skippedSteps = Create("skipped_step_count", "Steps of the run that were not applied.");
        _tokenRate = Create("throughput_tokens_per_second", "Tokens a second, all ranks.");
        _mfu = Create("mfu_ratio", "Model FLOPs utilisation.");
        _dataWait = Create("data_wait_ratio", "Share of step time spent waiting for data.");
        _goodput = Create("goodput_ratio", "Useful step time over all time since training began.");
        _peakMemory = Create("peak_memory_bytes", "Most memory of the process so far.");
        _peakDeviceMemory = Create("peak_device_memory_bytes", "Most GPU memory in use so far.");
        _straggler = Create("straggler_ratio", "Slowest rank over the median of all ranks.");
        _stragglerRank = Create("straggler_rank_index", "Rank that is slowest.");
        _checkpointStep = Create("checkpoint_step_count", "Step of the newest checkpoint.");
        _checkpointTime = Create(
            "checkpoint_timestamp_seconds",
            "When the newest checkpoint was committed, Unix time."
        );
        _checkpointPause = Create("checkpoint_pause_seconds", "How long training stood still for it.");
        _rounds = factory.CreateCounter(
            "codeparrot_trainer_rounds_total",
            "Rounds of the attempt: more than 1 where ranks were lost and replaced."
        );
        _rankStep = Create("rank_step_count", "Finished steps of a rank.", "rank");
        _rankStepTime = Create("rank_step_duration_seconds", "A rank's own computation in its last step.", "rank");
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
        Set(_gradientNorm, progress.GradientNorm);
        Set(_lossScale, progress.LossScale);
        Set(_skippedSteps, progress.SkippedSteps);
        Set(_tokenRate, progress.TokensPerSecond);
        Set(_mfu, progress.Mfu);
        Set(_dataWait, progress.DataWait);
        Set(_goodput, progress.Goodput);
        Set(_peakMemory, progress.PeakMemoryBytes);
        Set(_peakDeviceMemory, progress.PeakDeviceMemoryBytes);
        Set(_straggler, progress.StragglerRatio);
        Set(_stragglerRank, progress.StragglerRank);
        Set(_checkpointPause, progress.CheckpointPauseSeconds);
        Set(_checkpointStep, progress.Checkpoint?.Step);
        Set(_checkpointTime, progress.Checkpoint?.CreatedAt.ToUnixTimeSeconds());
        if (progress.Round is { } round)
        {
            _rounds.IncTo(round);
        }
        else
        {
            _rounds.Unpublish();
        }

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
