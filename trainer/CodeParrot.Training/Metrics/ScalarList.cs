namespace CodeParrot.Training.Metrics;

/// <summary>The numbers of one step, in a list that is filled anew for each: a step allocates nothing.</summary>
internal sealed class ScalarList
{
    private const double Gibi = 1 << 30;

    private readonly List<Scalar> _all = new(24);

    /// <summary>Gets the numbers of the row taken last.</summary>
    public IReadOnlyList<Scalar> All => _all;

    /// <summary>Gets how many there are.</summary>
    public int Count => _all.Count;

    /// <summary>Returns a number by its place.</summary>
    public Scalar this[int index] => _all[index];

    /// <summary>Takes the numbers of a row; what is not known, or no number, is left out.</summary>
    public void Take(in MetricsRow row)
    {
        _all.Clear();
        Add("lr", row.LearningRate);
        Add("loss/train", row.Loss);
        Add("grad_norm", row.GradientNorm);
        Add("loss/eval", row.EvalLoss);
        Add("perplexity", HeldOut.Perplexity.Of(row.EvalLoss));
        Add("tokens", row.Tokens);
        Add("tokens_per_second", row.TokensPerSecond, "throughput(tps)");
        Add("mfu", row.Mfu, "mfu(%)", factor: 100);
        Add("step_seconds", row.Duration.TotalSeconds, "time_metrics/end_to_end(s)");
        Add("data_wait_seconds", row.DataWait.TotalSeconds, "time_metrics/data_loading(s)");
        if (row.CheckpointPause > TimeSpan.Zero)
        {
            Add("checkpoint_pause_seconds", row.CheckpointPause.TotalSeconds, "time_metrics/checkpoint_pause(s)");
        }
        Add("goodput", row.Goodput);
        Add("peak_memory_bytes", row.PeakMemoryBytes, "memory/host_peak(GiB)", 1 / Gibi);
        Add("peak_device_memory_bytes", row.PeakDeviceMemoryBytes, "memory/max_reserved(GiB)", 1 / Gibi);
        Add("straggler_rank", row.Straggler?.Rank, tag: null);
        Add("straggler_ratio", row.Straggler?.Ratio, "time_metrics/straggler_ratio");
        Add("skipped_steps", row.SkippedSteps);
        Add("loss_scale", row.LossScale);
    }

    private void Add(string name, double? value) => Add(name, value, name);

    private void Add(string name, double? value, string? tag, double factor = 1)
    {
        if (value is { } number && double.IsFinite(number))
        {
            _all.Add(new Scalar(name, tag, number, number * factor));
        }
    }
}
