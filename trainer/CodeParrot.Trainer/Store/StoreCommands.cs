using System.CommandLine;
using System.Text.Json;
using CodeParrot.Checkpoints;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Store;

/// <summary><c>trainer store list|verify|promote|delete</c>: a run's checkpoints, for operators and people.</summary>
internal static class StoreCommands
{
    public static Command Create()
    {
        var store = new Command("store", "A run's checkpoints in the store; every answer is JSON");
        store.Subcommands.Add(
            Make("list", "List complete checkpoints, newest first", null, (run, _, token) => ListAsync(run, token))
        );
        store.Subcommands.Add(
            Make("verify", "Compare a checkpoint's objects with its manifest", "newest", VerifyAsync)
        );
        store.Subcommands.Add(Make("promote", "Let refs/main name a checkpoint", "newest", PromoteAsync));
        store.Subcommands.Add(
            Make("delete", "Delete all objects of the run", null, (run, _, token) => DeleteAsync(run, token))
        );
        return store;
    }

    private static Command Make(
        string name,
        string description,
        string? unset,
        Func<RunStore, string, CancellationToken, Task<object>> body
    )
    {
        var options = new SpecOptions();
        var command = new Command(name, description);
        options.AddTo(command);
        var checkpoint = new Option<string>("--checkpoint")
        {
            Description = "branch/name, a name, or newest",
            DefaultValueFactory = _ => unset ?? "",
        };
        if (unset is not null)
        {
            command.Options.Add(checkpoint);
        }

        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(async environment =>
                {
                    var manifest = ManifestReader.ReadFile(
                        result.GetRequiredValue(options.Spec),
                        result.GetRequiredValue(options.Set)
                    );
                    var access = new StoreAccess(environment, TimeProvider.System);
                    using var store = access.OpenArtifacts(manifest.Spec.Store);
                    var run = new RunStore(store, new RunLocation(manifest.Metadata.Namespace, manifest.Metadata.Name));
                    var named = unset is null ? "" : result.GetRequiredValue(checkpoint);
                    var answer = await body(run, named, token);
                    Console.WriteLine(JsonSerializer.Serialize(answer, ContractJson.Indented));
                })
        );
        return command;
    }

    private static async Task<object> ListAsync(RunStore run, CancellationToken cancellationToken) =>
        (await run.Catalog.ListAsync(cancellationToken: cancellationToken)).Select(e => e.Summary).ToList();

    private static async Task<object> VerifyAsync(RunStore run, string checkpoint, CancellationToken cancellationToken)
    {
        var entry = await run.FindAsync(checkpoint, cancellationToken);
        await CheckpointVerifier.VerifyAsync(run.Store, entry, cancellationToken);
        return entry.Summary;
    }

    private static async Task<object> PromoteAsync(RunStore run, string checkpoint, CancellationToken cancellationToken)
    {
        var entry = await run.FindAsync(checkpoint, cancellationToken);
        await CheckpointVerifier.VerifyAsync(run.Store, entry, cancellationToken);
        await run.PromoteAsync(entry, TimeProvider.System, cancellationToken);
        return new { published = entry.Reference, folder = run.FolderOf(entry) };
    }

    private static async Task<object> DeleteAsync(RunStore run, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var found in run.Store.ListAsync(run.Location.Prefix + "/", cancellationToken))
        {
            keys.Add(found.Key);
        }

        // Manifests first: from here on no checkpoint exists, whatever a crash leaves behind.
        var isManifest = keys.ToLookup(k => k.EndsWith("/" + CheckpointManifest.FileName, StringComparison.Ordinal));
        await run.Store.DeleteAsync([.. isManifest[true]], cancellationToken);
        await run.Store.DeleteAsync([.. isManifest[false]], cancellationToken);
        return new { deleted = keys.Count, prefix = run.Location.Prefix };
    }
}
