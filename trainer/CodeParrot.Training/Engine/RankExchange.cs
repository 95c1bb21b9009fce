using CodeParrot.Distributed;
using CodeParrot.Distributed.Nccl;

namespace CodeParrot.Training.Engine;

/// <summary>How a rank exchanges buffers in a round.</summary>
internal static class RankExchange
{
    /// <summary>
    /// Returns what exchanges them where they lie; the ring of the group stays for what is small. The caller disposes
    /// it where it can be.
    /// </summary>
    /// <exception cref="PeerLostException">A rank did not come.</exception>
    public static IBufferExchange Of(TrainingContext context)
    {
        if (context.CudaDevice is not { } device || context.Group.WorldSize == 1)
        {
            return new RingExchange(context.Group);
        }
        var deadline = context.Manifest.Spec.FailurePolicy.StallTimeout;
        return NcclGroup.Connect(context.Group, device, deadline, context.Time);
    }
}
