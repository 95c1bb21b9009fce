using CodeParrot.Checkpoints;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Storage;
using CodeParrot.Trainer.Store;

namespace CodeParrot.Trainer.Hosting;

/// <summary>What a stage works with.</summary>
internal sealed class StageContext
{
    public required string Stage { get; init; }

    public required PodEnvironment Environment { get; init; }

    /// <summary>The manifest with everything filled in.</summary>
    public required RunManifest Manifest { get; init; }

    public required StoreAccess Access { get; init; }

    public required IObjectStore Store { get; init; }

    public required ProgressReporter Progress { get; init; }

    public required TrainerLog Log { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Cancelled by the first SIGTERM: finish what is begun, lose nothing, end.</summary>
    public required CancellationToken StopRequested { get; init; }

    /// <summary>The newest request for a checkpoint that this rank was told; empty for none.</summary>
    public required Func<string> RequestNonce { get; init; }

    public RunSpec Spec => Manifest.Spec;

    /// <summary>The run's part of the store.</summary>
    public RunStore Run => new(Store, new RunLocation(Manifest.Metadata.Namespace, Manifest.Metadata.Name));

    /// <summary>Prefix of the run in the store.</summary>
    public string RunPrefix => StorePaths.Run(Manifest.Metadata.Namespace, Manifest.Metadata.Name);

    /// <summary>Key of the run's lineage.</summary>
    public string LineageKey => RunLineages.KeyOf(Manifest.Metadata);

    /// <summary>UID of the run; made from its name where there is no operator.</summary>
    public string RunUid => Environment.RunUid ?? $"local-{Manifest.Metadata.Namespace}-{Manifest.Metadata.Name}";

    /// <summary>What earlier stages made, or an empty lineage.</summary>
    public Task<RunLineage> ReadLineageAsync(CancellationToken cancellationToken) =>
        RunLineages.ReadAsync(Store, Manifest.Metadata, cancellationToken);

    public Task WriteLineageAsync(RunLineage lineage, CancellationToken cancellationToken) =>
        Store.WriteJsonAsync(LineageKey, lineage, ContractJson.Indented, cancellationToken: cancellationToken);

    /// <summary>Shows progress of a stage that counts items.</summary>
    public void Report(string message, long done, long all, string unit, bool now = false) =>
        Progress.Show(
            new RunProgress
            {
                RunUid = RunUid,
                Attempt = Environment.Attempt,
                Stage = Stage,
                Message = message,
                Step = done,
                MaxSteps = all,
                Unit = unit,
            },
            now
        );
}
