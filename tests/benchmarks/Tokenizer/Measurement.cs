namespace CodeParrot.Benchmarks.Tokenizer;

/// <summary>
/// One process: seconds on the clock, seconds of processor time (robust on a shared machine), peak memory.
/// </summary>
internal sealed record Measurement(string Name, double Seconds, double CpuSeconds, double PeakMib)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name, -20} {Seconds, 7:F2} s  {CpuSeconds, 7:F2} s cpu  {PeakMib, 6:F0} MiB";
}
