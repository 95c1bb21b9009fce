namespace CodeParrot.Training.HeldOut;

/// <summary>e to the power of a loss.</summary>
internal static class Perplexity
{
    /// <summary>Returns the perplexity, or null where there is no loss or the number (above some 709 nats) is infinite,
    /// which JSON cannot say.</summary>
    public static double? Of(double? loss) =>
        loss is { } nats && double.IsFinite(Math.Exp(nats)) ? Math.Exp(nats) : null;
}
