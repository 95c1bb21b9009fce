using CodeParrot.Contract.Estimate;
using CodeParrot.Contract.Manifest;
using CodeParrot.Model;
using CodeParrot.Training.Guards;
using CodeParrot.Training.Stepping;

namespace CodeParrot.Training.Accounting;

/// <summary>Where a run's time goes, and how much of the machine it uses.</summary>
internal sealed class RunAccount
{
    private readonly TimeProvider _time;
    private readonly StepWindow _window = new();
    private readonly AttemptTotals _totals = new();
    private readonly PeakMemory _memory;
    private readonly double _operationsPerToken;
    private readonly double _peakOfOne;
    private int _worldSize;
    private DateTimeOffset _beganAt;
    private double _usefulSeconds;

    /// <summary>An account of an attempt.</summary>
    /// <param name="model">The model on this rank's device.</param>
    /// <param name="peak">The most that a rank's device could do; null where it is not known.</param>
    /// <param name="worldSize">Ranks; their devices are taken to be alike.</param>
    /// <param name="state">The account of the checkpoint that is gone on from; null for none.</param>
    /// <param name="time">Clock.</param>
    public RunAccount(Gpt2 model, PeakRate? peak, int worldSize, AccountState? state, TimeProvider time)
    {
        var c = model.Config;
        _operationsPerToken = RunEstimate.OperationsPerToken(
            new ModelShape(c.VocabularySize, c.ContextLength, c.Width, c.Layers, c.Heads)
        );
        _peakOfOne = peak?.OperationsPerSecond ?? 0;
        _worldSize = worldSize;
        var device = model.Parameters.device;
        _memory = new PeakMemory(device.type == TorchSharp.DeviceType.CUDA ? device.index : null, time);
        _time = time;
        _beganAt = state?.BeganAt ?? time.GetUtcNow();
        _usefulSeconds = state?.UsefulSeconds ?? 0;
    }

    /// <summary>Gets tokens a second over the last steps, all ranks; 0 before the first.</summary>
    public double TokensPerSecond => _window.TokensPerSecond;

    /// <summary>Gets the mean time of the last steps.</summary>
    public double SecondsPerStep => _window.SecondsPerStep;

    /// <summary>Gets the share of the last steps' time in which this rank waited for data.</summary>
    public double DataWait => _window.DataWait;

    /// <summary>Gets model FLOPs utilisation over the last steps; null where no peak is known.</summary>
    public double? Mfu => UtilisationAt(_window.TokensPerSecond);

    /// <summary>Gets how long training stood still for the newest checkpoint; null before the first.</summary>
    public TimeSpan? CheckpointPause { get; private set; }

    /// <summary>Gets what stood still since the last step that was asked about it.</summary>
    public TimeSpan UnreportedPause { get; private set; }

    /// <summary>Gets the rank that the others wait for.</summary>
    public Straggler? Straggler { get; private set; }

    /// <summary>Gets the most memory so far.</summary>
    public PeakMemory Memory => _memory;

    /// <summary>
    /// Gets time in steps that this line of checkpoints has the result of, over all time since training first began.
    /// </summary>
    public double Goodput
    {
        get
        {
            var all = (_time.GetUtcNow() - _beganAt).TotalSeconds;
            return all > 0 ? Math.Min(1, _usefulSeconds / all) : 0;
        }
    }

    /// <summary>Adds a step.</summary>
    /// <param name="result">The step.</param>
    /// <param name="duration">Its time, from data to update.</param>
    /// <param name="tokens">Its tokens, all ranks.</param>
    public void Add(in StepResult result, TimeSpan duration, long tokens)
    {
        _window.Add(duration, result.DataWait, tokens);
        _totals.Add(duration, result.DataWait, tokens);
        Straggler = result.Straggler;
        if (result.Verdict.Action == StepAction.Update)
        {
            _usefulSeconds += duration.TotalSeconds;
        }
        _memory.Refresh();
    }

    /// <summary>Adds a pause for a checkpoint.</summary>
    public void AddPause(TimeSpan pause)
    {
        CheckpointPause = pause;
        UnreportedPause += pause;
        _totals.AddPause(pause);
    }

    /// <summary>Notes that the pauses so far have been reported.</summary>
    public void ClearPause() => UnreportedPause = TimeSpan.Zero;

    /// <summary>Returns what a checkpoint keeps.</summary>
    public AccountState Save() => new() { BeganAt = _beganAt, UsefulSeconds = _usefulSeconds };

    /// <summary>Goes on with another number of ranks.</summary>
    public void Resize(int worldSize) => _worldSize = worldSize;

    /// <summary>Goes on from the account of another rank.</summary>
    public void Restore(AccountState state) => (_beganAt, _usefulSeconds) = (state.BeganAt, state.UsefulSeconds);

    /// <summary>Returns what the attempt came to.</summary>
    /// <param name="skippedSteps">Steps of the run that were not applied.</param>
    public AttemptSummary Summarise(long skippedSteps) =>
        new()
        {
            Steps = _totals.Steps,
            SkippedSteps = skippedSteps,
            Tokens = _totals.Tokens,
            Training = _totals.Training,
            TokensPerSecond = _totals.TokensPerSecond,
            Mfu = UtilisationAt(_totals.TokensPerSecond),
            DataWait = _totals.DataWait,
            CheckpointPause = _totals.Pause,
            Checkpoints = _totals.Pauses,
            Goodput = Goodput,
            PeakMemoryBytes = _memory.HostBytes,
            PeakDeviceMemoryBytes = _memory.DeviceBytes,
            StragglerRank = Straggler?.Rank,
            StragglerRatio = Straggler?.Ratio,
        };

    private double? UtilisationAt(double tokensPerSecond) =>
        _peakOfOne > 0 && tokensPerSecond > 0
            ? _operationsPerToken * tokensPerSecond / (_peakOfOne * _worldSize)
            : null;
}
