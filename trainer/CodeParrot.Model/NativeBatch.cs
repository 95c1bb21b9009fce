using System.Runtime.InteropServices;
using CodeParrot.Model.Native;

namespace CodeParrot.Model;

// B batch, T time, C channels, N rows that predict a token

/// <summary>A <see cref="TokenBatch"/> while it is computed, its tensors in the innermost scope.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct NativeBatch
{
    private readonly NativeTensor _positions_N;
    private readonly NativeTensor _targets_N;

    /// <summary>Shares a batch's tensors.</summary>
    public NativeBatch(in TokenBatch batch)
    {
        Ids_BT = NativeTensor.Share(batch.Ids_BT);
        _positions_N = batch.Positions_N is null ? default : NativeTensor.Share(batch.Positions_N);
        _targets_N = batch.Targets_N is null ? default : NativeTensor.Share(batch.Targets_N);
    }

    /// <summary>What the model sees, int64 [B, T].</summary>
    public NativeTensor Ids_BT { get; }

    /// <summary>The rows of a hidden state [B, T, C] that predict: [N, C].</summary>
    public NativeTensor PredictingRows(NativeTensor hidden_BTC)
    {
        var (T, C) = (hidden_BTC.Size(1), hidden_BTC.Size(2));
        return _positions_N.IsNone
            ? hidden_BTC.Narrow(1, 0, T - 1).Reshape(-1, C)
            : hidden_BTC.Reshape(-1, C).IndexSelect(0, _positions_N);
    }

    /// <summary>What they predict, int64 [N].</summary>
    public NativeTensor TargetIds() =>
        _targets_N.IsNone ? Ids_BT.Narrow(1, 1, Ids_BT.Size(1) - 1).Flatten() : _targets_N;
}
