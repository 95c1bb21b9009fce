using CodeParrot.Contract.Runtime;

namespace CodeParrot.Simulation.Tests.Trainers;

/// <summary>A checkpoint in the store; without its manifest it does not exist for readers.</summary>
internal sealed class StoredCheckpoint
{
    public string RunUid { get; init; } = "";

    public string Branch { get; init; } = "";

    public string Name { get; init; } = "";

    public long Step { get; init; }

    public int Attempt { get; init; }

    /// <summary>Gets the request that was served last, by this checkpoint or by one before it; null for none.</summary>
    public ServedRequest? ServedRequest { get; init; }

    public bool IsComplete { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Gets how checkpoints are named across branches.</summary>
    public string Reference => $"{Branch}/{Name}";
}
