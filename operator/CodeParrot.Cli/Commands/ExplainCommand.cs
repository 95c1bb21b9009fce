using System.CommandLine;
using System.Globalization;
using CodeParrot.Cli.Reports;
using CodeParrot.Cli.State;
using CodeParrot.Contract.Estimate;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Yaml;

namespace CodeParrot.Cli.Commands;

/// <summary><c>codeparrot explain -f F</c>: the resolved manifest as YAML, under a head of what it will take.</summary>
internal static class ExplainCommand
{
    // Between what careful stacks reach for models of this size (30 to 60 %) and the 5 to 9 % of the book's own runs.
    private const double AssumedUtilisation = 0.4;
    private const int HumanEvalProblems = 164;

    // What the corpus library holds and writes a document; measured on Python (docs/corpus.md).
    private const int NearMemoryBytes = 24;
    private const string NearDisk = "2 KB and a fifth of its text on disk";

    private static readonly string[] TimedDevices = ["A100", "H100"];

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
                .. Corpus(spec.Corpus),
                .. HumanEval(spec.Evaluation.HumanEval),
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
            .. Data(spec, shape),
            $"memory:     {Figures.Bytes(e.RankBytes)} a rank ({Figures.Bytes(e.StateBytes)} weights and optimiser, "
                + $"{Figures.Bytes(e.ActivationBytes)} activations), {spec.Workers.Count} ranks",
            $"checkpoint: {Figures.Bytes(e.CheckpointBytes)}, every {Figures.Whole(spec.Checkpoints.EverySteps)} steps",
            $"compute:    {Figures.Count(e.FloatingPointOperations)} floating point operations",
            .. Corpus(spec.Corpus),
            .. HumanEval(spec.Evaluation.HumanEval),
            $"time:       {Times(e, spec)}",
        ];
    }

    private static IEnumerable<string> Corpus(CorpusSpec corpus) =>
        corpus.Deduplicate.Near.Enabled && corpus.Source.Format != SourceFormat.Tokens
            ? [$"corpus:     near duplicates take {NearMemoryBytes} bytes of memory a document, {NearDisk}"]
            : [];

    // Two windows of ids are in memory, of 4 bytes each.
    private static IEnumerable<string> Data(RunSpec spec, ModelShape shape) =>
        spec.Training.Data is { Order: DataOrder.Streamed, ShuffleBuffer: { } sequences }
            ?
            [
                $"data:       encoded while it is trained on, mixed among {Figures.Whole(sequences)} sequences ("
                    + $"{Figures.Bytes(2L * sequences * shape.ContextLength * sizeof(int))} a rank)",
            ]
            : [];

    // Which problems there are is known once the file is read; most people mean HumanEval's own.
    private static IEnumerable<string> HumanEval(HumanEvalSpec? spec)
    {
        if (spec is not null)
        {
            var programs = (long)spec.Samples * HumanEvalProblems;
            yield return $"humaneval:  {Figures.Whole(spec.Samples)} completions a problem of up to "
                + $"{Figures.Whole(spec.MaxNewTokens)} tokens; HumanEval's {HumanEvalProblems} problems make "
                + $"{Figures.Whole(programs)} programs, up to {Figures.Count(programs * spec.MaxNewTokens)} tokens";
        }
    }

    // What a run may take on devices that people know; what it does take is in its own metrics.
    private static string Times(RunEstimate estimate, RunSpec spec)
    {
        var times = TimedDevices
            .Select(device => (Device: device, Peak: DevicePeaks.Of(device, spec.Training.Precision)))
            .Where(d => d.Peak is not null)
            .Select(d =>
            {
                var time = estimate.TimeAt(d.Peak!.Value, spec.Workers.Count, AssumedUtilisation);
                return $"{Figures.Duration(time)} on {spec.Workers.Count} {d.Device}";
            });
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(", ", times)}, at {AssumedUtilisation:P0} MFU in {spec.Training.Precision}"
        );
    }
}
