using CodeParrot.Contract.Spec;

namespace CodeParrot.Training.Guards;

/// <summary>
/// Judges each step by its loss and gradient norm before the model is updated. Both are sums over all ranks, the same
/// bits on each, and so is the verdict: no rank updates while another does not.
/// </summary>
internal sealed class StepGuard
{
    private readonly GuardsSpec _spec;
    private readonly LossScaler? _scaler;
    private readonly SpikeWindow _losses;
    private readonly SpikeWindow _norms;
    private int _badSteps;
    private int _spikes;

    /// <summary>A guard before the first step.</summary>
    public StepGuard(GuardsSpec spec, Precision precision)
    {
        _spec = spec;
        _scaler = precision == Precision.Fp16 ? new LossScaler() : null;
        _losses = new SpikeWindow(spec.Spikes.WindowSteps);
        _norms = new SpikeWindow(spec.Spikes.WindowSteps);
    }

    /// <summary>Gets the factor on the loss that the next step's gradients are computed with.</summary>
    public double LossScale => _scaler?.Scale ?? 1;

    /// <summary>Gets whether there is a loss scale at all.</summary>
    public bool HasLossScale => _scaler is not null;

    /// <summary>Gets the steps of the run that were not applied.</summary>
    public long SkippedSteps { get; private set; }

    /// <summary>Gets the steps in a row that were no numbers.</summary>
    public int BadSteps => _badSteps;

    /// <summary>Decides about a step, and takes note of it.</summary>
    /// <param name="loss">Mean loss over all ranks, without the loss scale.</param>
    /// <param name="gradientNorm">Global norm, without the loss scale.</param>
    public StepVerdict Judge(double loss, double gradientNorm)
    {
        var verdict =
            double.IsFinite(loss) && double.IsFinite(gradientNorm) ? JudgeNumbers(loss, gradientNorm) : JudgeBad(loss);
        if (verdict.Action != StepAction.Update)
        {
            SkippedSteps++;
        }
        return verdict;
    }

    /// <summary>Takes the newest spikes for the new level: there is nothing to go back to.</summary>
    public void AcceptLevel()
    {
        _spikes = 0;
        _losses.Clear();
        _norms.Clear();
    }

    /// <summary>Returns what a checkpoint keeps.</summary>
    public GuardState Save() =>
        new()
        {
            BadSteps = _badSteps,
            Spikes = _spikes,
            SkippedSteps = SkippedSteps,
            LossScale = _scaler?.Scale,
            ScaleGoodSteps = _scaler?.GoodSteps ?? 0,
            Losses = _losses.ToArray(),
            GradientNorms = _norms.ToArray(),
        };

    /// <summary>Goes on from a checkpoint; of a longer window the newest values count.</summary>
    public void Restore(GuardState state)
    {
        _badSteps = state.BadSteps;
        _spikes = state.Spikes;
        SkippedSteps = state.SkippedSteps;
        if (state.LossScale is { } scale)
        {
            _scaler?.Restore(scale, state.ScaleGoodSteps);
        }
        Fill(_losses, state.Losses);
        Fill(_norms, state.GradientNorms);
    }

    private StepVerdict JudgeBad(double loss)
    {
        // The scale takes part in the gradient alone: a loss that is no number is not its doing, whatever it is.
        var shrunk = _scaler?.TryShrink() == true;
        if (shrunk && double.IsFinite(loss))
        {
            return new StepVerdict(StepAction.Skip, StepProblem.Overflow);
        }
        _badSteps++;
        return new StepVerdict(
            _badSteps >= _spec.MaxBadSteps ? StepAction.Diverge : StepAction.Skip,
            double.IsFinite(loss) ? StepProblem.GradientNotFinite : StepProblem.LossNotFinite
        );
    }

    private StepVerdict JudgeNumbers(double loss, double gradientNorm)
    {
        _badSteps = 0;
        _scaler?.Succeed();
        var (problem, score) = FindSpike(loss, gradientNorm);
        if (problem == StepProblem.None)
        {
            _spikes = 0;
            Note(loss, gradientNorm);
            return StepVerdict.Good;
        }
        // A spike stays out of the window, or it would hide the next one.
        _spikes++;
        var isEnough = _spikes >= _spec.Spikes.Patience;
        if (isEnough && _spec.Spikes.Action == SpikeAction.RollBack)
        {
            return new StepVerdict(StepAction.RollBack, problem, score);
        }
        if (isEnough)
        {
            AcceptLevel();
            Note(loss, gradientNorm);
        }
        var isApplied = isEnough || _spec.Spikes.Action == SpikeAction.Log;
        return new StepVerdict(isApplied ? StepAction.Update : StepAction.Skip, problem, score);
    }

    private (StepProblem Problem, double Score) FindSpike(double loss, double gradientNorm)
    {
        var (lossScore, normScore) = (_losses.ZScore(loss), _norms.ZScore(gradientNorm));
        return _spec.Spikes.LossZScore > 0 && lossScore > _spec.Spikes.LossZScore ? (StepProblem.LossSpike, lossScore)
            : _spec.Spikes.GradientNormZScore > 0 && normScore > _spec.Spikes.GradientNormZScore
                ? (StepProblem.GradientSpike, normScore)
            : (StepProblem.None, 0);
    }

    private void Note(double loss, double gradientNorm)
    {
        _losses.Add(loss);
        _norms.Add(gradientNorm);
    }

    private static void Fill(SpikeWindow window, IReadOnlyList<double> values)
    {
        window.Clear();
        foreach (var value in values)
        {
            window.Add(value);
        }
    }
}
