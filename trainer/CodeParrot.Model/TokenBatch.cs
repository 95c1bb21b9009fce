using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CodeParrot.Model;

// B batch, T time, C channels, N rows that predict a token

/// <summary>
/// Token ids, and what is to be predicted: each row's next token, or chosen tokens at chosen positions. The caller owns
/// the tensors.
/// </summary>
/// <param name="Ids_BT">What the model sees, int64 [B, T].</param>
/// <param name="Positions_N">
/// Positions whose output predicts a target, int64 [N], counted through all rows (row * T + column); null for all but
/// the last of each row.
/// </param>
/// <param name="Targets_N">The targets' ids, int64 [N]; null together with the positions, for the ids that
/// follow.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TokenBatch(Tensor Ids_BT, Tensor? Positions_N, Tensor? Targets_N)
{
    /// <summary>Every token but the first of a row is predicted from those before it.</summary>
    public static implicit operator TokenBatch(Tensor ids_BT) => NextToken(ids_BT);

    /// <summary>Every token but the first of a row is predicted from those before it.</summary>
    /// <param name="ids_BT">Token ids, int64 [B, T]; inputs and, shifted by one, targets.</param>
    public static TokenBatch NextToken(Tensor ids_BT) => new(ids_BT, null, null);

    /// <summary>The rows of a hidden state [B, T, C] that predict: [N, C].</summary>
    internal Tensor PredictingRows(Tensor hidden_BTC)
    {
        var (T, C) = (hidden_BTC.shape[1], hidden_BTC.shape[2]);
        return Positions_N is null
            ? hidden_BTC.narrow(1, 0, T - 1).reshape(-1, C)
            : hidden_BTC.reshape(-1, C).index_select(0, Positions_N);
    }

    /// <summary>What they predict, int64 [N].</summary>
    internal Tensor TargetIds() => Targets_N ?? Ids_BT.narrow(1, 1, Ids_BT.shape[1] - 1).reshape(-1);
}
