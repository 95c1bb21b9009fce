using CodeParrot.Training.Objectives;

namespace CodeParrot.Training.Tests.Data;

/// <summary>The next token, read no faster and no farther than a test allows.</summary>
internal sealed class GatedObjective(int time) : IObjective, IDisposable
{
    private int _readCount;
    private readonly NextTokenObjective _plain = new(time);

    /// <summary>Reset, lets every read wait.</summary>
    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    /// <summary>Sequences read so far.</summary>
    public int ReadCount => Volatile.Read(ref _readCount);

    /// <summary>The read, from 0, that throws.</summary>
    public int FailAtRead { get; init; } = -1;

    public bool HasFailed
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    }

    /// <summary>Set by a read that waits.</summary>
    public ManualResetEventSlim IsWaiting { get; } = new();

    public int SourceTokens => time;

    public int InputTokens => time;

    public int TargetTokens => _plain.TargetTokens;

    public bool PredictsNext => true;

    public void Arrange(
        ReadOnlySpan<long> source,
        ulong key,
        Span<long> input,
        Span<long> positions,
        Span<long> targets
    )
    {
        if (!Gate.IsSet)
        {
            IsWaiting.Set();
            Gate.Wait();
        }
        if (ReadCount == FailAtRead)
        {
            HasFailed = true;
            throw new InvalidOperationException("as the test wants it");
        }
        _plain.Arrange(source, key, input, positions, targets);
        Interlocked.Increment(ref _readCount);
    }

    public void Dispose()
    {
        Gate.Dispose();
        IsWaiting.Dispose();
    }
}
