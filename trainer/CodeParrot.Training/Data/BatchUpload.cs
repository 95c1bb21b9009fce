using CodeParrot.Distributed.Cuda;
using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Training.Data;

/// <summary>
/// Copies batches from pinned memory to the rank's GPU, on torch's stream and without waiting: what torch computes next
/// comes after the copy, and the copy after what torch computes now, so one place on the device is enough.
/// </summary>
internal sealed class BatchUpload : IDisposable
{
    private readonly CudaRuntime _cuda;
    private readonly int _device;
    private readonly torch.Tensor _ids_BT;
    private readonly Dictionary<BatchReader, CudaEvent> _copied = [];
    private readonly Lock _gate = new();

    /// <summary>Makes the place on the device.</summary>
    /// <param name="cuda">The CUDA runtime.</param>
    /// <param name="device">Index of the device.</param>
    /// <param name="batchSize">Sequences of a batch.</param>
    /// <param name="time">Tokens of a sequence.</param>
    /// <param name="place">Where torch finds the device, if not under its index.</param>
    public BatchUpload(CudaRuntime cuda, int device, int batchSize, int time, torch.Device? place = null)
    {
        _cuda = cuda;
        _device = device;
        place ??= new torch.Device(DeviceType.CUDA, device);
        _ids_BT = torch.zeros([batchSize, time], torch.ScalarType.Int64, place).DetachFromDisposeScope();
    }

    /// <summary>Queues the copy of a batch, on the training thread.</summary>
    /// <returns>The batch on the device, overwritten by the next call.</returns>
    public torch.Tensor Run(BatchReader from)
    {
        _cuda.Select(_device);
        Copy(from.Whole, _ids_BT);
        lock (_gate)
        {
            if (!_copied.TryGetValue(from, out var copied))
            {
                _copied[from] = copied = _cuda.CreateEvent();
            }
            _cuda.Record(copied, CudaRuntime.TorchStream);
        }
        return _ids_BT;
    }

    /// <summary>Returns when the batch is copied and its memory may be overwritten; on the reading thread.</summary>
    public void AwaitFree(BatchReader slot)
    {
        CudaEvent? copied;
        lock (_gate)
        {
            _ = _copied.TryGetValue(slot, out copied);
        }
        if (copied is not null)
        {
            _cuda.Select(_device);
            _cuda.Await(copied);
        }
    }

    public void Dispose()
    {
        foreach (var (slot, copied) in _copied)
        {
            // The memory of a batch that is still being copied is about to be freed.
            AwaitFree(slot);
            copied.Dispose();
        }
        _ids_BT.Dispose();
    }

    private void Copy(torch.Tensor from, torch.Tensor to)
    {
        var sizeBytes = from.numel() * from.element_size();
        _cuda.Copy(LibTorch.DataPointer(to), LibTorch.DataPointer(from), sizeBytes, CudaRuntime.TorchStream);
    }
}
