namespace CodeParrot.Contract.Spec;

/// <summary>Order in which sequences are trained on.</summary>
public sealed record DataSpec
{
    /// <summary>The order.</summary>
    public DataOrder Order { get; init; } = DataOrder.Shuffled;
}
