using CodeParrot.Distributed.Cuda;
using CodeParrot.Model;
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
    private readonly TokenBatch _batch;
    private readonly Dictionary<BatchReader, CudaEvent> _copied = [];
    private readonly Lock _gate = new();

    /// <summary>Makes the place on the device.</summary>
    /// <param name="cuda">The CUDA runtime.</param>
    /// <param name="device">Index of the device.</param>
    /// <param name="like">A batch of the same sizes.</param>
    /// <param name="place">Where torch finds the device, if not under its index.</param>
    public BatchUpload(CudaRuntime cuda, int device, TokenBatch like, torch.Device? place = null)
    {
        _cuda = cuda;
        _device = device;
        place ??= new torch.Device(DeviceType.CUDA, device);
        _batch = new TokenBatch(New(like.Ids_BT, place)!, New(like.Positions_N, place), New(like.Targets_N, place));
    }

    /// <summary>Queues the copy of a batch, on the training thread.</summary>
    /// <returns>The batch on the device, overwritten by the next call.</returns>
    public TokenBatch Run(BatchReader from)
    {
        _cuda.Select(_device);
        Copy(from.Whole.Ids_BT, _batch.Ids_BT);
        Copy(from.Whole.Positions_N, _batch.Positions_N);
        Copy(from.Whole.Targets_N, _batch.Targets_N);
        lock (_gate)
        {
            if (!_copied.TryGetValue(from, out var copied))
            {
                _copied[from] = copied = _cuda.CreateEvent();
            }
            _cuda.Record(copied, CudaRuntime.TorchStream);
        }
        return _batch;
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
        _batch.Ids_BT.Dispose();
        _batch.Positions_N?.Dispose();
        _batch.Targets_N?.Dispose();
    }

    private void Copy(torch.Tensor? from, torch.Tensor? to)
    {
        if (from is not null && to is not null)
        {
            var sizeBytes = from.numel() * from.element_size();
            _cuda.Copy(LibTorch.DataPointer(to), LibTorch.DataPointer(from), sizeBytes, CudaRuntime.TorchStream);
        }
    }

    private static torch.Tensor? New(torch.Tensor? like, torch.Device place) =>
        like is null ? null : torch.zeros(like.shape, torch.ScalarType.Int64, place).DetachFromDisposeScope();
}
