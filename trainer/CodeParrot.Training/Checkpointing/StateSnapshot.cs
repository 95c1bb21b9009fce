using CodeParrot.Checkpoints;
using CodeParrot.Distributed.Cuda;
using CodeParrot.Model;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Model.Native;
using CodeParrot.Model.Safetensors;
using TorchSharp;

namespace CodeParrot.Training.Checkpointing;

/// <summary>
/// A copy of weights and moments in host memory, so that a checkpoint travels while training goes on. The copy is the
/// only part of a checkpoint that training waits for; its memory is kept for the next one.
/// </summary>
internal sealed class StateSnapshot : IDisposable
{
    /// <summary>File of the moments.</summary>
    public const string OptimizerFile = "optimizer.safetensors";

    /// <summary>Name of the running mean of gradients in it, flat in the model's layout.</summary>
    public const string FirstMoment = "exp_avg";

    /// <summary>Name of the running mean of squared gradients in it.</summary>
    public const string SecondMoment = "exp_avg_sq";

    private readonly List<PinnedMemory> _pinned = [];
    private readonly torch.Tensor _weights;
    private readonly torch.Tensor _first;
    private readonly torch.Tensor _second;
    private readonly IReadOnlyList<SafetensorsEntry> _entries;

    public StateSnapshot(Gpt2 model)
    {
        _weights = Buffer(model);
        _first = Buffer(model);
        _second = Buffer(model);
        using var scope = torch.NewDisposeScope();
        _entries = HuggingFaceFolder.Entries(model.Layout, _weights);
        foreach (var entry in _entries)
        {
            entry.Tensor.DetachFromDisposeScope();
        }
    }

    /// <summary>
    /// Copies the state as it is now, while the other ranks of a sharded optimiser take part in the gathering. The copy
    /// before must not be in use any more.
    /// </summary>
    public void Take(Gpt2 model, MomentGather moments)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        _weights.copy_(model.Parameters);
        moments.CopyTo(_first, _second);
    }

    /// <summary>The two files of the copy, without a further copy.</summary>
    public IEnumerable<CheckpointSource> Sources()
    {
        yield return new CheckpointSource(HuggingFaceFolder.WeightsFile, () => new SafetensorsStream(_entries));
        yield return new CheckpointSource(
            OptimizerFile,
            () => new SafetensorsStream([new(FirstMoment, _first), new(SecondMoment, _second)])
        );
    }

    public void Dispose()
    {
        foreach (var entry in _entries)
        {
            entry.Tensor.Dispose();
        }
        _weights.Dispose();
        _first.Dispose();
        _second.Dispose();
        _pinned.ForEach(memory => memory.Dispose());
    }

    // From a GPU the copy is as fast as its bus, if the memory is pinned.
    private torch.Tensor Buffer(Gpt2 model)
    {
        var count = model.Parameters.numel();
        if (model.Parameters.device_type != DeviceType.CUDA)
        {
            return torch.empty(count, torch.ScalarType.Float32, torch.CPU).DetachFromDisposeScope();
        }
        var memory = CudaRuntime.Load().AllocatePinned(count * sizeof(float));
        _pinned.Add(memory);
        return LibTorch.FromMemory(memory.Address, [count], torch.ScalarType.Float32).DetachFromDisposeScope();
    }
}
