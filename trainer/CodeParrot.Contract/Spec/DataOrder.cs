namespace CodeParrot.Contract.Spec;

/// <summary>Order in which sequences are trained on; never a function of the world size.</summary>
public enum DataOrder
{
    /// <summary>A keyed permutation per epoch.</summary>
    Shuffled,

    /// <summary>As they stand in the corpus.</summary>
    Sequential,

    /// <summary>Read and tokenised on the fly through a shuffle buffer; not supported by this version.</summary>
    Streamed,
}
