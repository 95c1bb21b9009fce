using System.Collections.Concurrent;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Reconcile;

/// <summary>
/// The specs that attempts began with: a gang is made of one spec, even where it is edited half way.
/// </summary>
/// <param name="server">Has the snapshots of attempts that another operator began.</param>
internal sealed class Snapshots(IApiServer server)
{
    // A gang is made within seconds of its attempt's beginning, so that few are wanted at a time.
    private const int MaxKept = 64;

    private readonly ConcurrentDictionary<string, RunSpec> _specs = new();

    /// <summary>Keeps a snapshot that was made just now.</summary>
    public void Remember(EnsureSnapshot snapshot) => Keep(snapshot.Hash, snapshot.Text);

    /// <summary>
    /// The run with the spec of a snapshot; as it is where there is no such snapshot, as in a run whose objects go
    /// already.
    /// </summary>
    public async Task<TrainingRun> AsBegunAsync(TrainingRun run, string hash, CancellationToken cancellationToken)
    {
        if (hash.Length == 0)
        {
            return run;
        }

        if (_specs.TryGetValue(hash, out var known))
        {
            return run with { Spec = known };
        }

        var name = ObjectNames.Snapshot(run.Metadata.Name, hash);
        var map = await server.GetAsync(ResourceType.ConfigMaps, run.Metadata.Namespace, name, cancellationToken);
        return (string?)map?["data"]?[ContainerPlaces.SpecKey] is { } text ? run with { Spec = Keep(hash, text) } : run;
    }

    private RunSpec Keep(string hash, string text)
    {
        if (_specs.Count >= MaxKept)
        {
            _specs.Clear();
        }

        return _specs[hash] = ManifestReader.Read(text, $"snapshot {hash}").Spec;
    }
}
