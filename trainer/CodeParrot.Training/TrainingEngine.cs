using CodeParrot.Checkpoints;
using CodeParrot.Contract.Manifest;
using CodeParrot.Distributed;
using CodeParrot.Distributed.Cuda;
using CodeParrot.Training.Engine;
using CodeParrot.Training.Memory;
using TorchSharp;

namespace CodeParrot.Training;

/// <summary>Trains one rank of a run from its newest checkpoint to the end, or to a stop.</summary>
public static class TrainingEngine
{
    /// <summary>
    /// Runs one attempt on this thread. All ranks of the group call it with the same manifest; rank 0 decides where to
    /// go on from, and writes checkpoints and metrics. A run whose last checkpoint is there returns at once.
    /// </summary>
    /// <param name="context">The attempt.</param>
    /// <param name="cancellationToken">
    /// Gives up at the end of a step, without a checkpoint; <see cref="TrainingContext.StopRequested"/> is the way to
    /// stop.
    /// </param>
    /// <exception cref="DivergedException">The loss is not a number.</exception>
    /// <exception cref="ManifestException">The spec fits neither corpus, model nor checkpoint.</exception>
    /// <exception cref="SupersededException">A newer attempt owns the run.</exception>
    /// <exception cref="CheckpointCorruptException">A rollback's target is damaged.</exception>
    /// <exception cref="LossSpikeException">The run is to go back to a checkpoint.</exception>
    /// <exception cref="MemoryExhaustedException">Tensors do not fit; the message says what would.</exception>
    /// <exception cref="PeerLostException">Another rank is gone, and the context has no way to go on.</exception>
    public static TrainingResult Run(TrainingContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        context = context with { Manifest = SpecResolver.Resolve(context.Manifest) };
        Directory.CreateDirectory(context.WorkFolder);
        torch.set_num_threads(context.Threads);
        // Asked beforehand: a device without room may not answer.
        long? deviceBytes = context.CudaDevice is { } device ? CudaRuntime.Load().MemoryOf(device).TotalBytes : null;
        try
        {
            using var rounds = new RoundLoop(context, cancellationToken);
            return rounds.Run();
        }
        catch (Exception e) when (AllocationFailure.Is(e))
        {
            throw AllocationFailure.Explain(e, context.Manifest.Spec, deviceBytes);
        }
    }
}
