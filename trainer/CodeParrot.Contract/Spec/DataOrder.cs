namespace CodeParrot.Contract.Spec;

/// <summary>Order in which sequences are trained on; never a function of the world size.</summary>
public enum DataOrder
{
    /// <summary>A keyed permutation per epoch.</summary>
    Shuffled,

    /// <summary>As they stand in the corpus.</summary>
    Sequential,

    /// <summary>
    /// Read and tokenised while training: shards in a keyed order, mixed in a shuffle buffer. No token shards
    /// are written.
    /// </summary>
    Streamed,
}
