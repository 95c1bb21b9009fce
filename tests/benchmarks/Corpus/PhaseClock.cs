using CodeParrot.Corpus;

namespace CodeParrot.Benchmarks.Corpus;

/// <summary>Notes how much processor time had passed when parts began to be put together.</summary>
internal sealed class PhaseClock : IProgress<CorpusProgress>
{
    /// <summary>Gets it, in seconds; null where nothing was put together.</summary>
    public double? Merging { get; private set; }

    /// <inheritdoc/>
    public void Report(CorpusProgress value)
    {
        if (value.Phase.StartsWith("merge", StringComparison.Ordinal))
        {
            Merging ??= Environment.CpuUsage.TotalTime.TotalSeconds;
        }
    }
}
