using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Storage;

namespace CodeParrot.Trainer.Hosting;

/// <summary><c>lineage.json</c> of runs.</summary>
internal static class RunLineages
{
    public static string KeyOf(RunMetadata run) => StorePaths.Run(run.Namespace, run.Name) + "/lineage.json";

    /// <summary>What the run's stages made so far; an empty lineage before the first.</summary>
    public static async Task<RunLineage> ReadAsync(
        IObjectStore store,
        RunMetadata run,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await store.ReadJsonAsync<RunLineage>(KeyOf(run), ContractJson.Compact, cancellationToken);
        }
        catch (ObjectNotFoundException)
        {
            return new RunLineage();
        }
    }
}
