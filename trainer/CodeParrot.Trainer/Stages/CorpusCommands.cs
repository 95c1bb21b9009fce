using System.CommandLine;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Corpus;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Stages;

/// <summary><c>trainer corpus build|inspect</c>.</summary>
internal static class CorpusCommands
{
    public static Command Create() =>
        new("corpus", "Raw source files to filtered documents")
        {
            SpecOptions.StageCommand("build", "Build the run's corpus", StageNames.Corpus, CorpusStage.RunAsync),
            CreateInspect(),
        };

    private static Command CreateInspect()
    {
        var options = new SpecOptions();
        var documents = new Option<int>("--documents")
        {
            Description = "Documents to show",
            DefaultValueFactory = _ => 3,
        };
        var validation = new Option<bool>("--validation") { Description = "Show held-out documents" };
        var command = new Command("inspect", "Show what a run's corpus holds") { documents, validation };
        options.AddTo(command);
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(async environment =>
                {
                    var manifest = ManifestReader.ReadFile(
                        result.GetRequiredValue(options.Spec),
                        result.GetRequiredValue(options.Set)
                    );
                    using var store = new StoreAccess(environment, TimeProvider.System).OpenArtifacts(
                        manifest.Spec.Store
                    );
                    var lineage = await RunLineages.ReadAsync(store, manifest.Metadata, token);
                    if (lineage.Corpus.Length == 0)
                    {
                        var mistake = new SpecMistake("", "has no corpus yet; run `trainer corpus build --spec` first");
                        throw new ManifestException($"run {manifest.Metadata.Name}", [mistake]);
                    }

                    await CorpusInspector.WriteAsync(
                        store,
                        lineage.Corpus,
                        result.GetValue(validation) ? CorpusSplit.Validation : CorpusSplit.Train,
                        result.GetRequiredValue(documents),
                        Console.Out,
                        token
                    );
                })
        );
        return command;
    }
}
