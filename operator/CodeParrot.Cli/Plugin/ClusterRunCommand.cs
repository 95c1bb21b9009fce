using System.CommandLine;
using System.Text.Json.Nodes;
using CodeParrot.Cli.Commands;
using CodeParrot.Cli.Places;
using CodeParrot.Cli.Reports;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Cli.Plugin;

/// <summary><c>kubectl codeparrot run -f F</c>: applies a manifest and shows the run until it is over.</summary>
internal static class ClusterRunCommand
{
    public static Command Create()
    {
        var file = RunCommand.FileOption();
        var set = RunCommand.SetOption();
        var detach = new Option<bool>("--detach", "-d") { Description = "Do not wait for the run's end" };
        var command = new Command("run", "Apply a TrainingRun, and show it until it is over; Ctrl-C leaves it running")
        {
            file,
            set,
            detach,
        };
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(async () =>
                {
                    var (manifest, fields) = Read(result.GetRequiredValue(file), result.GetRequiredValue(set));
                    using var place = ClusterOptions.Open(result);
                    var space = NamespaceOf(place.Connection, fields);
                    return await RunAsync(place, manifest, fields, space, result.GetValue(detach), token);
                })
        );
        return command;
    }

    /// <summary>Namespace that a manifest goes to.</summary>
    /// <exception cref="UserMistakeException">Manifest and command line name two.</exception>
    public static string NamespaceOf(ClusterConnection connection, JsonObject fields)
    {
        var written = (string?)fields["metadata"]?["namespace"] ?? "";
        return written.Length > 0 && connection.NamespaceIsGiven && connection.Namespace != written
                ? throw new UserMistakeException(
                    $"metadata.namespace: is {written}, and --namespace says {connection.Namespace}; leave one out"
                )
            : written.Length > 0 ? written
            : connection.Namespace;
    }

    private static (RunManifest Manifest, JsonObject Fields) Read(string file, string[] set)
    {
        var manifest = ManifestReader.ReadFile(file, set);
        if (manifest.Spec.Store.Uri.Length == 0)
        {
            throw new ManifestException(
                file,
                [new SpecMistake("spec.store.uri", "must name a store in a cluster, as in s3://bucket/prefix")]
            );
        }

        return (manifest, ManifestReader.ReadFields(file, set));
    }

    private static async Task<int> RunAsync(
        ClusterPlace place,
        RunManifest manifest,
        JsonObject fields,
        string space,
        bool detach,
        CancellationToken cancellationToken
    )
    {
        var name = manifest.Metadata.Name;
        var before = await place.Runs.GetAsync(space, name, cancellationToken);
        fields.Remove("status");
        var run = await place.Runs.ApplyAsync(space, name, fields, cancellationToken);
        var word =
            before is null ? "created"
            : before.Metadata.Generation == run.Metadata.Generation ? "unchanged"
            : "configured";
        Console.WriteLine($"trainingrun.codeparrot.dev/{name} {word}");
        if (detach)
        {
            return (int)ExitCode.Done;
        }

        try
        {
            return await new RunWatch(place, Reporters.ForConsole(), TimeProvider.System).UntilOverAsync(
                run,
                cancellationToken
            );
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Console.WriteLine($"run {name} goes on; {place.Command} watch {name} shows it again");
            return (int)ExitCode.Done;
        }
    }
}
