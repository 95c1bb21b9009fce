using CodeParrot.Distributed;
using CodeParrot.Model;
using CodeParrot.Model.Native;
using CodeParrot.Training.Stepping;
using TorchSharp;

namespace CodeParrot.Training.Checkpointing;

/// <summary>
/// Brings the moments of all ranks together for a checkpoint, which holds all of them whatever the number of ranks. It
/// needs the memory of one bucket on every rank, and on rank 0 that of the copy.
/// </summary>
internal sealed class MomentGather(AdamW optimiser, Sharding sharding, int rank, IBufferExchange exchange)
{
    /// <summary>Gets the updates that the moments have seen.</summary>
    public long StepCount => optimiser.StepCount;

    /// <summary>
    /// Copies both moments in the model's layout; with sharding all ranks call it, in the same order.
    /// </summary>
    /// <param name="first">Host memory [N] for the first moment; null where none is wanted, as on all but one
    /// rank.</param>
    /// <param name="second">Likewise for the second.</param>
    /// <exception cref="PeerLostException">A rank was lost; the copy is of no use.</exception>
    public void CopyTo(torch.Tensor? first, torch.Tensor? second)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        if (!sharding.IsSharded)
        {
            first?.copy_(optimiser.FirstMoment);
            second?.copy_(optimiser.SecondMoment);
            return;
        }
        var elements = Math.Min(sharding.Grid.BucketElements, sharding.Grid.Length);
        var bucket = torch.empty(elements, torch.ScalarType.Float32, optimiser.FirstMoment.device);
        Gather(optimiser.FirstMoment, bucket, first);
        Gather(optimiser.SecondMoment, bucket, second);
    }

    private void Gather(torch.Tensor own, torch.Tensor bucket, torch.Tensor? target)
    {
        var source = LibTorch.DataPointer(own);
        var all = LibTorch.DataPointer(bucket);
        for (var index = 0; index < sharding.Grid.Count; index++)
        {
            // Own moments lie one slice after another, in the order of the buckets.
            var count = sharding.Grid.CountOf(index);
            exchange.AllGather(source, all, count);
            exchange.Join();
            source += sharding.Grid.SliceOf(index, rank).Count * sizeof(float);
            if (target is not null)
            {
                using var inner = torch.NewDisposeScope();
                target.narrow(0, sharding.Grid.OffsetOf(index), count).copy_(bucket.narrow(0, 0, count));
            }
        }
    }
}
