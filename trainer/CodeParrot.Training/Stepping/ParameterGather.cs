using CodeParrot.Distributed;
using CodeParrot.Model;
using CodeParrot.Model.Native;

namespace CodeParrot.Training.Stepping;

/// <summary>Brings the parameters that each rank has updated to all others, bucket by bucket, in place.</summary>
internal sealed class ParameterGather(Gpt2 model, BucketGrid grid, int rank, IBufferExchange exchange)
{
    /// <summary>What is computed afterwards sees the same parameters on all ranks.</summary>
    public void Run()
    {
        var parameters = LibTorch.DataPointer(model.Parameters);
        for (var bucket = 0; bucket < grid.Count; bucket++)
        {
            var own = At(grid.SliceOf(bucket, rank).Offset);
            exchange.AllGather(own, At(grid.OffsetOf(bucket)), grid.CountOf(bucket));
        }
        exchange.Join();

        nint At(long element) => parameters + (nint)(element * sizeof(float));
    }
}
