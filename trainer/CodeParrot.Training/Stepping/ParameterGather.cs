using CodeParrot.Distributed;
using CodeParrot.Model;
using CodeParrot.Model.Native;

namespace CodeParrot.Training.Stepping;

/// <summary>Brings the parameters that each rank has updated to all others, bucket by bucket, in place.</summary>
internal sealed class ParameterGather(Gpt2 model, BucketGrid grid, IProcessGroup group)
{
    /// <summary>Returns when all parameters are the same on all ranks.</summary>
    public unsafe void Run()
    {
        var parameters = (float*)LibTorch.DataPointer(model.Parameters);
        for (var bucket = 0; bucket < grid.Count; bucket++)
        {
            var (offset, count) = grid.SliceOf(bucket, group.Rank);
            var all = new Span<float>(parameters + grid.OffsetOf(bucket), grid.CountOf(bucket));
            group.AllGather(new ReadOnlySpan<float>(parameters + offset, count), all);
        }
    }
}
