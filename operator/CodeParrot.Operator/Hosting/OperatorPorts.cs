using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Progress;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodeParrot.Operator.Hosting;

/// <summary>Everything that the operator's loop has from outside: a simulation gives all of it from one seed.</summary>
internal sealed record OperatorPorts
{
    /// <summary>The API server, bare: the loop itself limits, gates and measures what goes there.</summary>
    public required IApiServer Server { get; init; }

    /// <summary>Answers of pods.</summary>
    public required IProgressSource Progress { get; init; }

    /// <summary>Clock, timers and timestamps; all three are used.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Seeded generator of jitter; the loop draws from it once, while it is made.</summary>
    public required Random Random { get; init; }

    /// <summary>Bytes that nobody can guess, for names and contents of secrets; called from any thread.</summary>
    public required Func<int, byte[]> SecretBytes { get; init; }

    /// <summary>Where log messages go.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Decides.</summary>
    public Planner Planner { get; init; } = new();
}
