using CodeParrot.Distributed;
using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Training.Recovery;

/// <summary>
/// Brings the state of one rank's memory to all ranks of a round. Weights and moments go in pieces from buffer to
/// buffer, so that no rank needs room for them twice.
/// </summary>
/// <param name="exchange">Where the buffers lie.</param>
/// <param name="rank">This rank.</param>
/// <param name="source">The rank whose state it is.</param>
/// <param name="pieceElements">Elements of a piece, the same on all ranks.</param>
internal sealed class StateTransfer(
    IBufferExchange exchange,
    int rank,
    int source,
    long pieceElements = StateTransfer.UsualPieceElements
)
{
    // 16 MiB: enough that a ring runs at its full rate, and little beside any model.
    private const long UsualPieceElements = 1 << 22;

    /// <summary>Takes over the source's state, or gives it; all ranks call it together.</summary>
    /// <param name="run">This rank's run; not whole if a rank is lost before it has all.</param>
    /// <param name="state">The source's state but for the buffers.</param>
    /// <exception cref="PeerLostException">A rank was lost.</exception>
    public void Run(HeldRun run, HeldState state)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var isSource = rank == source;
        // Who holds this step holds these bits, and is to stay whole should the source be lost meanwhile.
        var isHeld = !isSource && run.IsWhole && run.Position.Step == state.Position.Step;
        run.IsWhole = isSource || isHeld;
        var aside = isHeld ? torch.empty_like(run.Optimiser.FirstMoment.narrow(0, 0, PieceOf(run))) : null;
        foreach (var buffer in new[] { run.Model.Parameters, run.Optimiser.FirstMoment, run.Optimiser.SecondMoment })
        {
            Send(buffer, aside);
        }
        exchange.Await();
        if (!isSource)
        {
            run.Restore(state);
        }
        run.IsWhole = true;
    }

    private long PieceOf(HeldRun run) => Math.Min(pieceElements, run.Optimiser.FirstMoment.numel());

    private void Send(torch.Tensor buffer, torch.Tensor? aside)
    {
        var target = LibTorch.DataPointer(buffer);
        var end = buffer.numel();
        for (var done = 0L; done < end; done += pieceElements)
        {
            var address = aside is null ? target + (nint)(done * sizeof(float)) : LibTorch.DataPointer(aside);
            exchange.Broadcast(address, Math.Min(pieceElements, end - done) * sizeof(float), source);
        }
    }
}
