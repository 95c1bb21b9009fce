using System.CommandLine;
using CodeParrot.Cli.Reports;
using CodeParrot.Cli.State;
using CodeParrot.Contract.Estimate;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Yaml;

namespace CodeParrot.Cli.Commands;

/// <summary><c>codeparrot explain -f F</c>: the resolved manifest as YAML, under a head of what it will take.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var file = RunCommand.FileOption();
        var set = RunCommand.SetOption();
        var command = new Command("explain", "Print the resolved manifest and what it will take") { file, set };
        command.SetAction(
            (result, _) =>
                CommandHost.RunAsync(() =>
                {
                    var manifest = ManifestReader.ReadFile(result.GetRequiredValue(file), result.GetRequiredValue(set));
                    var resolved = SpecResolver.Resolve(ManifestPaths.Root(manifest, Environment.CurrentDirectory));
                    foreach (var line in Head(resolved))
                    {
                        Console.WriteLine("# " + line);
                    }

                    Console.Write(YamlText.Write(resolved));
                    return Task.FromResult(0);
                })
        );
        return command;
    }

    /// <summary>What a resolved manifest will take, one line a figure.</summary>
    public static IReadOnlyList<string> Head(RunManifest resolved)
    {
        var spec = resolved.Spec;
        if (SpecResolver.Shape(spec) is not { } shape)
        {
            return
            [
                "parameters: known once the model's or the tokenizer's folder is read",
                $"steps:      {Figures.Whole(spec.Training.MaxSteps)}",
            ];
        }

        var e = RunEstimate.Of(spec, shape);
        return
        [
            $"parameters: {Figures.Count(e.ParameterCount)} ({Figures.Whole(e.ParameterCount)})",
            $"model:      {shape.Layers} layers, {shape.Heads} heads, width {shape.Width}, "
                + $"context {shape.ContextLength}, vocabulary {Figures.Whole(shape.VocabularySize)}",
            $"steps:      {Figures.Whole(spec.Training.MaxSteps)} of {Figures.Whole(e.SequencesPerStep)} sequences, "
                + $"{Figures.Whole(e.TokensPerStep)} tokens each",
            $"tokens:     {Figures.Count(e.Tokens)}",
            $"memory:     {Figures.Bytes(e.RankBytes)} a rank ({Figures.Bytes(e.StateBytes)} weights and optimiser, "
                + $"{Figures.Bytes(e.ActivationBytes)} activations), {spec.Workers.Count} ranks",
            $"checkpoint: {Figures.Bytes(e.CheckpointBytes)}, every {Figures.Whole(spec.Checkpoints.EverySteps)} steps",
            $"compute:    {Figures.Count(e.FloatingPointOperations)} floating point operations",
        ];
    }
}
