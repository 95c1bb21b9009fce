using System.Globalization;

namespace CodeParrot.Simulation.Tests.Scheduling;

/// <summary>
/// What happened, in order: a hash over all of it, and the last lines for people. Two runs of one seed have equal
/// hashes, or something in them depends on more than the seed.
/// </summary>
/// <param name="keptLines">Lines kept for people.</param>
/// <param name="live">Takes every line as it comes; null for none.</param>
internal sealed class Trace(int keptLines = 80, TextWriter? live = null)
{
    private const ulong Prime = 1099511628211;

    private readonly Queue<string> _lines = new();
    private ulong _hash = 14695981039346656037;

    /// <summary>Gets the hash of all that was told.</summary>
    public string Hash => _hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Gets how many lines there were.</summary>
    public long Count { get; private set; }

    /// <summary>Gets the last lines.</summary>
    public IReadOnlyCollection<string> LastLines => _lines;

    /// <summary>Adds a number to the hash alone: which continuation ran is no news for people.</summary>
    public void Mix(int number) => _hash = (_hash ^ (uint)number) * Prime;

    /// <summary>Adds a line.</summary>
    public void Tell(TimeSpan at, string actor, string what)
    {
        Count++;
        var line = $"{at.TotalSeconds, 9:F3} {actor, -10} {what}";
        foreach (var c in line)
        {
            _hash = (_hash ^ c) * Prime;
        }

        live?.WriteLine(line);
        if (_lines.Count == keptLines)
        {
            _lines.Dequeue();
        }

        _lines.Enqueue(line);
    }
}
