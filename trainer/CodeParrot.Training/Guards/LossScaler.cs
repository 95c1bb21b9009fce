namespace CodeParrot.Training.Guards;

/// <summary>
/// Dynamic loss scaling for 16-bit floats, with torch.amp.GradScaler's rule and numbers: gradients are computed of the
/// loss times the scale, so that small ones do not vanish; an overflow halves the scale, 2000 steps without one double
/// it.
/// </summary>
internal sealed class LossScaler
{
    public const double InitialScale = 65536;

    private const double Growth = 2;
    private const double Backoff = 0.5;
    private const int GrowthInterval = 2000;

    // Below it there is nothing left to gain: what overflows without a scale is not the scale's doing.
    private const double Floor = 1;

    /// <summary>Gets the factor on the loss; a power of two, so that undoing it costs no digits.</summary>
    public double Scale { get; private set; } = InitialScale;

    /// <summary>Gets the steps without an overflow since the scale changed.</summary>
    public int GoodSteps { get; private set; }

    /// <summary>Goes on from a checkpoint.</summary>
    public void Restore(double scale, int goodSteps) => (Scale, GoodSteps) = (scale, goodSteps);

    /// <summary>Notes a step whose gradient is finite.</summary>
    public void Succeed()
    {
        GoodSteps++;
        if (GoodSteps < GrowthInterval)
        {
            return;
        }
        GoodSteps = 0;
        if (float.IsFinite((float)(Scale * Growth)))
        {
            Scale *= Growth;
        }
    }

    /// <summary>Notes an overflow.</summary>
    /// <returns>False at the floor: the scale cannot be the cause any more.</returns>
    public bool TryShrink()
    {
        GoodSteps = 0;
        if (Scale <= Floor)
        {
            return false;
        }
        Scale = Math.Max(Floor, Scale * Backoff);
        return true;
    }
}
