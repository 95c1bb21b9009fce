namespace CodeParrot.Contract.Spec;

/// <summary>Order in which sequences are trained on.</summary>
public sealed record DataSpec
{
    /// <summary>The order.</summary>
    public DataOrder Order { get; init; } = DataOrder.Shuffled;

    /// <summary>
    /// For Streamed, how many sequences are mixed with each other, at least 1; 1024 by default. A rank holds twice as
    /// many in memory, 4 bytes a token.
    /// </summary>
    public int? ShuffleBuffer { get; init; }
}
