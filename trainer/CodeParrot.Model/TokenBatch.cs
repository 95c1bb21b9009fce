using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CodeParrot.Model;

// B batch, T time, N rows that predict a token

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
}
