using System.CommandLine;
using CodeParrot.Checkpoints;
using CodeParrot.Contract.Manifest;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Store;

/// <summary><c>trainer store list|verify|promote|delete</c>: a run's checkpoints, for operators and people.</summary>
internal static class StoreCommands
{
    public static Command Create() =>
        new("store", "A run's checkpoints in the store; every answer is JSON")
        {
            Make("list", "List complete checkpoints, newest first", takesCheckpoint: false, ListAsync),
            Make("verify", "Compare a checkpoint's objects with its manifest", takesCheckpoint: true, VerifyAsync),
            Make("promote", "Let refs/main name a checkpoint", takesCheckpoint: true, PromoteAsync),
            StoreDeleteCommand.Create(),
        };

    private static Command Make(
        string name,
        string description,
        bool takesCheckpoint,
        Func<RunStore, string, CancellationToken, Task<StoreTask>> body
    )
    {
        var options = new SpecOptions();
        var command = new Command(name, description);
        options.AddTo(command);
        var checkpoint = new Option<string>("--checkpoint")
        {
            Description = "branch/name, a name, or newest",
            DefaultValueFactory = _ => RunStore.Newest,
        };
        if (takesCheckpoint)
        {
            command.Options.Add(checkpoint);
        }

        command.SetAction(
            (result, token) =>
                StoreTask.RunAsync(async environment =>
                {
                    var manifest = ManifestReader.ReadFile(
                        result.GetRequiredValue(options.Spec),
                        result.GetRequiredValue(options.Set)
                    );
                    var access = new StoreAccess(environment, TimeProvider.System);
                    using var store = access.OpenArtifacts(manifest.Spec.Store);
                    var run = new RunStore(store, new RunLocation(manifest.Metadata.Namespace, manifest.Metadata.Name));
                    return await body(run, takesCheckpoint ? result.GetRequiredValue(checkpoint) : "", token);
                })
        );
        return command;
    }

    private static async Task<StoreTask> ListAsync(RunStore run, string _, CancellationToken cancellationToken)
    {
        var (entries, newer) = await run.Catalog.ListAllAsync(cancellationToken: cancellationToken);
        foreach (var unreadable in newer)
        {
            RunStore.Warn(unreadable.Message);
        }

        return new StoreTask(
            entries.Select(e => e.Summary).ToList(),
            $"{entries.Count} complete checkpoints{Besides(newer)}"
        );
    }

    private static string Besides(IReadOnlyList<CheckpointFormatException> newer) =>
        newer.Count == 0 ? "" : $", and {newer.Count} that are not usable: {newer[0].Message}";

    private static async Task<StoreTask> VerifyAsync(
        RunStore run,
        string checkpoint,
        CancellationToken cancellationToken
    )
    {
        var entry = await run.FindAsync(checkpoint, cancellationToken);
        await CheckpointVerifier.VerifyAsync(run.Store, entry, cancellationToken);
        return new StoreTask(entry.Summary, $"{entry.Reference} is whole");
    }

    private static async Task<StoreTask> PromoteAsync(
        RunStore run,
        string checkpoint,
        CancellationToken cancellationToken
    )
    {
        var entry = await run.FindAsync(checkpoint, cancellationToken);
        await CheckpointVerifier.VerifyAsync(run.Store, entry, cancellationToken);
        await run.PromoteAsync(entry, TimeProvider.System, cancellationToken);
        var folder = run.FolderOf(entry);
        return new StoreTask(new { published = entry.Reference, folder }, $"{entry.Reference} is published")
        {
            Outputs = new Dictionary<string, string> { ["published"] = entry.Reference, ["modelFolder"] = folder },
        };
    }
}
