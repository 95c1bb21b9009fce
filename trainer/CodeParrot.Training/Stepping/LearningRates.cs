using CodeParrot.Contract.Spec;

namespace CodeParrot.Training.Stepping;

/// <summary>
/// The learning rate of each update, as transformers' schedulers give it: a linear rise from 0, so the first update of
/// a warm-up runs at 0, then half a cosine, a line or a constant to the last step.
/// </summary>
public sealed class LearningRates
{
    private readonly ScheduleKind _kind;
    private readonly double _peak;
    private readonly long _warmupSteps;
    private readonly long _maxSteps;

    /// <summary>The schedule of a resolved spec.</summary>
    public LearningRates(TrainingSpec training)
    {
        _kind = training.Schedule.Kind;
        _peak = training.LearningRate;
        _warmupSteps = training.Schedule.WarmupSteps ?? 0;
        _maxSteps = training.MaxSteps;
    }

    /// <summary>Returns the rate of an update.</summary>
    /// <param name="updateIndex">Updates done before it, from 0.</param>
    public double At(long updateIndex)
    {
        if (updateIndex < _warmupSteps)
        {
            return _peak * updateIndex / _warmupSteps;
        }
        var decaySteps = Math.Max(1, _maxSteps - _warmupSteps);
        var progress = Math.Min(1.0, (double)(updateIndex - _warmupSteps) / decaySteps);
        return _kind switch
        {
            ScheduleKind.Cosine => _peak * 0.5 * (1 + Math.Cos(Math.PI * progress)),
            ScheduleKind.Linear => _peak * (1 - progress),
            _ => _peak,
        };
    }
}
