namespace CodeParrot.Distributed;

/// <summary>
/// Sums a gradient buffer over all ranks while backward still fills it, wherever the buffer lies. Sizes and order of
/// the reductions depend neither on when nor in what order ranges are started.
/// </summary>
public interface IGradientReducer : IDisposable
{
    /// <summary>States that a range of the buffer has its final local values; returns at once.</summary>
    /// <param name="offset">First element.</param>
    /// <param name="count">Number of elements.</param>
    /// <exception cref="InvalidOperationException">A part of the range was started before in this step.</exception>
    /// <exception cref="PeerLostException">An earlier bucket has failed, so that backward need not go on.</exception>
    void Start(long offset, long count);

    /// <summary>
    /// Reduces what was not started too, and returns when the buffer, or this rank's slices of it, holds the sums. The
    /// next step may begin then.
    /// </summary>
    /// <exception cref="PeerLostException">A rank was lost; the buffer holds nothing of use.</exception>
    void Finish();
}
