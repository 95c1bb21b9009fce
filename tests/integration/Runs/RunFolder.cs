using System.Text.Json;
using System.Text.Json.Nodes;

namespace CodeParrot.Integration.Tests.Runs;

/// <summary>A temporary folder with a manifest of a tiny run, its state, and ways to look at what came of it.</summary>
internal sealed class RunFolder : IDisposable
{
    public const string Run = "tiny";

    public RunFolder(string? manifest = null)
    {
        Manifest = At("run.yaml");
        File.WriteAllText(Manifest, manifest ?? TinyManifest);
    }

    /// <summary>Documents that ship with the tests.</summary>
    public static string Documents => Path.Combine(Programs.Root, "tests", "parity", "reference", "corpus.jsonl");

    /// <summary>Two ranks, a dozen steps, three checkpoints: some seconds.</summary>
    public static string TinyManifest =>
        $$"""
            apiVersion: codeparrot.dev/v1alpha1
            kind: TrainingRun
            metadata: { name: {{Run}} }
            spec:
              corpus:
                source: { uri: "file://{{Documents}}", format: JsonLines }
                filters: { minBytes: 16 }
                validationFraction: 0.1
              tokenizer: { train: { vocabularySize: 400 } }
              model: { layers: 2, heads: 2, width: 32, contextLength: 64, dropout: 0.1 }
              training:
                { batchSize: 4, maxSteps: 12, learningRate: 1e-3, precision: Fp32, schedule: { warmupSteps: 2 } }
              evaluation: { everySteps: 6, maxSteps: 4 }
              checkpoints: { everySteps: 4 }
              workers: { count: 2, threads: 1 }
              failurePolicy: { backoff: { initial: 100ms, max: 1s } }
            """;

    public string Folder { get; } = Directory.CreateTempSubdirectory("codeparrot-run-").FullName;

    public string Manifest { get; }

    public string State => At("state");

    public string Store => At("state", "store");

    public string RunPrefix => At("state", "store", "runs", "default", Run);

    public string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    private string ResourceFile => At("state", "runs", "default", Run, "run.json");

    /// <summary><c>codeparrot run</c> on the manifest, with further arguments.</summary>
    public Task<ProgramResult> RunAsync(params string[] more) => CommandAsync(["run", "-f", Manifest, .. more]);

    /// <summary>Any command of codeparrot on this state.</summary>
    public Task<ProgramResult> CommandAsync(params string[] arguments) =>
        Programs.RunAsync(Programs.CodeParrot, [.. arguments, "--state", State], folder: Folder);

    /// <summary>The run's resource as its file has it; null before there is one.</summary>
    public JsonNode? Resource() => File.Exists(ResourceFile) ? JsonNode.Parse(File.ReadAllText(ResourceFile)) : null;

    /// <summary>Edits the run's spec as codeparrot's own commands do: under its lock, as a new generation.</summary>
    public void Edit(Action<JsonNode> change)
    {
        using var guard = Lock();
        var run = Resource()!;
        change(run["spec"]!);
        run["metadata"]!["generation"] = (long)run["metadata"]!["generation"]! + 1;
        run["metadata"]!["resourceVersion"] = $"{long.Parse((string)run["metadata"]!["resourceVersion"]!) + 1}";
        File.WriteAllText(ResourceFile + ".edited", run.ToJsonString());
        File.Move(ResourceFile + ".edited", ResourceFile, overwrite: true);
    }

    /// <summary>A column of metrics.jsonl by step; rows without it are left out.</summary>
    public IReadOnlyDictionary<long, double> Metric(string name)
    {
        var values = new SortedDictionary<long, double>();
        foreach (var line in File.ReadLines(Path.Combine(RunPrefix, "metrics.jsonl")))
        {
            using var row = JsonDocument.Parse(line);
            if (row.RootElement.TryGetProperty(name, out var value))
            {
                values[row.RootElement.GetProperty("steps").GetInt64()] = value.GetDouble();
            }
        }

        return values;
    }

    /// <summary>Names of complete checkpoints, <c>branch/name</c>.</summary>
    public IReadOnlyList<string> Checkpoints() =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(RunPrefix, "branches"), "manifest.json", SearchOption.AllDirectories)
                .Select(f => Path.GetDirectoryName(f)!)
                .Select(d => $"{Path.GetFileName(Path.GetDirectoryName(d))}/{Path.GetFileName(d)}")
                .Order(),
        ];

    private FileStream Lock()
    {
        while (true)
        {
            try
            {
                return new FileStream(
                    ResourceFile + ".lock",
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None
                );
            }
            catch (IOException)
            {
                // Whoever holds it writes a small file.
                Thread.Sleep(5);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
