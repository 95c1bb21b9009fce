using System.Globalization;
using CodeParrot.Contract.Spec;
using CodeParrot.Distributed;
using CodeParrot.Model;
using TorchSharp;

namespace CodeParrot.Training.Stepping;

/// <summary>
/// Which rank sums, measures and updates what. With <c>optimizerSharding</c> a rank updates its own slices alone and
/// holds no moments but theirs (ZeRO stage 1); without it every rank updates everything. Both cut the buffers alike, so
/// that both give the same bits.
/// </summary>
internal sealed class Sharding
{
    // 32 MiB: NCCL comes to its full rate with more than the host's caches hold.
    private const int DeviceBucketElements = 1 << 23;

    private readonly IReadOnlyList<ParameterSlot> _layout;

    /// <summary>Divides a model between the ranks of a group.</summary>
    public Sharding(TrainingSpec training, Gpt2 model, IProcessGroup group)
    {
        _layout = model.Layout;
        Grid = new BucketGrid(
            model.Parameters.numel(),
            group.WorldSize,
            model.Parameters.device_type == DeviceType.CUDA ? DeviceBucketElements : null
        );
        IsSharded = training.OptimizerSharding && group.WorldSize > 1;
        OwnSlices = SlicesOf(group.Rank);
        UpdatedSlices = IsSharded
            ? OwnSlices
            : [.. Enumerable.Range(0, group.WorldSize).SelectMany(SlicesOf).OrderBy(slice => slice.Offset)];
    }

    /// <summary>Buckets of the flat buffers, and who owns which part of them.</summary>
    public BucketGrid Grid { get; }

    /// <summary>Whether the other ranks' moments are held by them alone.</summary>
    public bool IsSharded { get; }

    /// <summary>What this rank owns, in buffer order.</summary>
    public IReadOnlyList<ParameterRange> OwnSlices { get; }

    /// <summary>What this rank updates: its own slices, or those of all ranks.</summary>
    public IReadOnlyList<ParameterRange> UpdatedSlices { get; }

    /// <summary>
    /// Buckets in the order in which backward completes them: by the lowest block with a parameter inside, the last
    /// block first. Biases and LayerNorms of all blocks lie together at the end of the buffer, so that the last bucket
    /// is among the last to be complete.
    /// </summary>
    public IReadOnlyList<int> BackwardOrder()
    {
        var lowest = new int[Grid.Count];
        Array.Fill(lowest, int.MaxValue);
        foreach (var slot in _layout)
        {
            var last = (int)((slot.Range.End - 1) / Grid.BucketElements);
            for (var bucket = (int)(slot.Offset / Grid.BucketElements); bucket <= last; bucket++)
            {
                lowest[bucket] = Math.Min(lowest[bucket], BlockOf(slot.Name));
            }
        }
        // Of one block, matrices are complete before biases and LayerNorms, which lie behind them.
        return [.. Enumerable.Range(0, Grid.Count).OrderByDescending(bucket => lowest[bucket])];
    }

    // Embeddings come last in backward, the final LayerNorm first.
    private static int BlockOf(string name) =>
        name.Split('.') is [_, "h", var block, ..] ? int.Parse(block, CultureInfo.InvariantCulture)
        : name.Contains(".ln_f.", StringComparison.Ordinal) ? int.MaxValue
        : -1;

    private IReadOnlyList<ParameterRange> SlicesOf(int rank) =>
        [.. Grid.SlicesOf(rank).Select(slice => new ParameterRange(slice.Offset, slice.Count))];
}
