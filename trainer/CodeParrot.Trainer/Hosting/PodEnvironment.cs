using System.Globalization;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;

namespace CodeParrot.Trainer.Hosting;

/// <summary>What the operator told this process by its environment; without an operator, one rank on its own.</summary>
internal sealed record PodEnvironment
{
    public required string MasterAddress { get; init; }

    public required int MasterPort { get; init; }

    public required int Rank { get; init; }

    public required int WorldSize { get; init; }

    public required int LocalRank { get; init; }

    public required int LocalWorldSize { get; init; }

    public required int PodIndex { get; init; }

    /// <summary>How many pods of the attempt had been replaced when this one was made.</summary>
    public int PodGeneration { get; init; }

    public required string? RunUid { get; init; }

    public required int Attempt { get; init; }

    public required string Branch { get; init; }

    /// <summary><c>branch/name</c> of the checkpoint that a branch without one starts from; null for none.</summary>
    public required string? StartFrom { get; init; }

    public required int SkipSteps { get; init; }

    public required string? RendezvousKeyFile { get; init; }

    public required int HttpPort { get; init; }

    public required string? HttpPortFile { get; init; }

    public required string WorkFolder { get; init; }

    public required string? TerminationLog { get; init; }

    public required string? StoreUri { get; init; }

    public required string? StoreCredentials { get; init; }

    public required string? StoreCaBundle { get; init; }

    /// <summary>Whether MKL may take its fast path on an AMD processor.</summary>
    public required bool MklFastPath { get; init; }

    /// <summary>cpu, cuda, or null to choose.</summary>
    public string? Device { get; init; }

    /// <summary>True when an operator (or the embedded cluster) started this process.</summary>
    public bool HasOperator => RunUid is not null;

    /// <summary>Reads the environment.</summary>
    /// <exception cref="ManifestException">Every variable that does not hold what it must.</exception>
    public static PodEnvironment Read(Func<string, string?> variable)
    {
        var mistakes = new List<SpecMistake>();
        int Number(string name, int unset)
        {
            var text = variable(name);
            if (string.IsNullOrEmpty(text))
            {
                return unset;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }

            mistakes.Add(new SpecMistake(name, $"must be a whole number, was '{text}'"));
            return unset;
        }

        string? Text(string name) => variable(name) is { Length: > 0 } text ? text : null;

        var attempt = Number(EnvironmentNames.Attempt, 1);
        var environment = new PodEnvironment
        {
            MasterAddress = Text(EnvironmentNames.MasterAddress) ?? "127.0.0.1",
            MasterPort = Number(EnvironmentNames.MasterPort, 29500),
            Rank = Number(EnvironmentNames.Rank, 0),
            WorldSize = Number(EnvironmentNames.WorldSize, 1),
            LocalRank = Number(EnvironmentNames.LocalRank, 0),
            LocalWorldSize = Number(EnvironmentNames.LocalWorldSize, 1),
            PodIndex = Number(EnvironmentNames.PodIndex, 0),
            PodGeneration = Number(EnvironmentNames.PodGeneration, 0),
            RunUid = Text(EnvironmentNames.RunUid),
            Attempt = attempt,
            Branch = Text(EnvironmentNames.Branch) ?? StorePaths.BranchName(1),
            StartFrom = Text(EnvironmentNames.StartFrom),
            SkipSteps = Number(EnvironmentNames.SkipSteps, 0),
            RendezvousKeyFile = Text(EnvironmentNames.RendezvousKeyFile),
            HttpPort = Number(EnvironmentNames.HttpPort, 0),
            HttpPortFile = Text(EnvironmentNames.HttpPortFile),
            WorkFolder = Text(EnvironmentNames.WorkFolder) ?? Path.Combine(".codeparrot", "work"),
            TerminationLog = Text(EnvironmentNames.TerminationLog),
            Device = Text(EnvironmentNames.Device),
            StoreUri = Text(EnvironmentNames.StoreUri),
            StoreCredentials = Text(EnvironmentNames.StoreCredentials),
            StoreCaBundle = Text(EnvironmentNames.StoreCaBundle),
            MklFastPath = Number(EnvironmentNames.MklFastPath, 1) != 0,
        };
        if (environment.Rank >= environment.WorldSize)
        {
            var message =
                $"must be below {EnvironmentNames.WorldSize} ({environment.WorldSize}), was {environment.Rank}";
            mistakes.Add(new SpecMistake(EnvironmentNames.Rank, message));
        }

        return mistakes.Count == 0 ? environment : throw new ManifestException("the environment", mistakes);
    }
}
