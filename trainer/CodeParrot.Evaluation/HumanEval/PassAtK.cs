namespace CodeParrot.Evaluation.HumanEval;

/// <summary>The unbiased estimate of pass@k (Chen et al. 2021, section 2.1).</summary>
public static class PassAtK
{
    /// <summary>
    /// The probability that at least one of k samples passes, estimated from n of which c passed: 1 - C(n-c, k) /
    /// C(n, k).
    /// </summary>
    /// <param name="samples">n, at least k.</param>
    /// <param name="passed">c, 0 to n.</param>
    /// <param name="k">At least 1.</param>
    public static double Of(int samples, int passed, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, k);
        ArgumentOutOfRangeException.ThrowIfNegative(passed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(passed, samples);
        if (samples - passed < k)
        {
            return 1;
        }

        // As a product: the binomials themselves overflow.
        var allFail = 1.0;
        for (var i = samples - passed + 1; i <= samples; i++)
        {
            allFail *= 1 - ((double)k / i);
        }

        return 1 - allFail;
    }
}
