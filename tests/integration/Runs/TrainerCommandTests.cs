using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace CodeParrot.Integration.Tests.Runs;

/// <summary>The trainer's commands as others call them, against numbers of the Hugging Face library.</summary>
public sealed class TrainerCommandTests : IDisposable
{
    private static readonly string Reference = Path.Combine(Programs.Root, "tests", "parity", "reference");

    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-commands-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Tokenizer_train_and_encode_agree_with_the_reference()
    {
        var trained = await TrainerAsync(
            "tokenizer",
            "train",
            "--input",
            Path.Combine(Reference, "corpus.jsonl"),
            "--vocabulary-size",
            "640",
            "--output",
            At("tokenizer")
        );
        var cases = Cases();
        var encoded = await Programs.RunAsync(
            Programs.Trainer,
            ["tokenizer", "encode", "--tokenizer", At("tokenizer")],
            string.Concat(cases.Select(c => JsonSerializer.Serialize(new { content = c.Text }) + "\n"))
        );

        Assert.True(trained.ExitCode == 0, trained.ToString());
        Assert.Equal(Merges(Path.Combine(Reference, "merges.txt")), Merges(At("tokenizer", "merges.txt")));
        var lines = encoded.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Ids);
        Assert.Equal(cases.Select(c => c.Ids), lines);
    }

    [Fact]
    public async Task Train_on_ready_made_tokens_follows_the_reference_trace()
    {
        using var trace = JsonDocument.Parse(File.ReadAllText(Path.Combine(Reference, "train.json")));
        var batches = trace.RootElement.GetProperty("batches").EnumerateArray().SelectMany(b => b.EnumerateArray());
        WriteTokens(At("batches.jsonl"), batches);
        WriteTokens(At("eval.jsonl"), trace.RootElement.GetProperty("eval_batch").EnumerateArray());
        File.WriteAllText(At("run.yaml"), TraceManifest);

        var trained = await Programs.RunAsync(Programs.Trainer, ["train", "--spec", At("run.yaml")], folder: _folder);

        Assert.True(trained.ExitCode == 0, trained.ToString());
        var expected = trace.RootElement.GetProperty("fp32");
        var rows = File.ReadLines(At("store", "runs", "default", "trace", "metrics.jsonl")).Select(Row).ToList();
        AssertClose(expected.GetProperty("loss"), rows.Select(r => r.GetProperty("loss/train")), 2e-4);
        AssertClose(expected.GetProperty("grad_norm_before_clip"), rows.Select(r => r.GetProperty("grad_norm")), 1e-3);
        AssertClose(expected.GetProperty("lr"), rows.Select(r => r.GetProperty("lr")), 1e-6);
        var model = Directory.GetDirectories(At("store", "runs", "default", "trace", "branches", "b1")).Order().Last();
        var evaluated = await TrainerAsync("evaluate", "--model", model, "--tokens", At("eval.jsonl"));
        using var answer = JsonDocument.Parse(evaluated.Output);
        Assert.Equal(expected.GetProperty("eval_loss_after").GetDouble(), Number(answer, "loss"), 1e-3);
        Assert.Equal(8 * 63, Number(answer, "tokens"));
    }

    [Fact]
    public async Task Generate_greedily_gives_the_reference_s_ids()
    {
        using var logits = JsonDocument.Parse(File.ReadAllText(Path.Combine(Reference, "logits.json")));
        var first = logits.RootElement.GetProperty("greedy")[0];
        var expected = first.GetProperty("output_ids").EnumerateArray().Select(i => i.GetInt32()).ToList();
        var prompt = first.GetProperty("ids").GetArrayLength();

        var result = await TrainerAsync(
            "generate",
            "--model",
            Reference,
            "--prompt",
            "def main():\n",
            "--greedy",
            "--json",
            "--max-new-tokens",
            "40"
        );

        Assert.True(result.ExitCode == 0, result.ToString());
        using var answer = JsonDocument.Parse(result.Output);
        Assert.Equal(expected[..prompt], Numbers(answer.RootElement.GetProperty("promptIds")));
        Assert.Equal(expected[prompt..], Numbers(answer.RootElement.GetProperty("completions")[0].GetProperty("ids")));
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_the_remedy()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var process = Programs.Start(
            "/usr/bin/env",
            [$"CODEPARROT_HTTP_PORT={port}", Programs.Trainer, "launch", "--", "train", "--spec", At("none.yaml")],
            _folder
        );

        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(2, process.ExitCode);
        Assert.Contains($"{port}", errors);
        Assert.Contains("CODEPARROT_HTTP_PORT", errors);
    }

    [Theory]
    [InlineData("evaluate", "--model", "nowhere", "--tokens", "nothing.jsonl")]
    [InlineData("generate", "--model", "nowhere", "--prompt", "x")]
    [InlineData("tokenizer", "encode", "--tokenizer", "nowhere")]
    [InlineData("tokenizer", "train", "--input", "nowhere", "--output", "out")]
    [InlineData("train", "--spec", "nowhere.yaml")]
    [InlineData("corpus", "build", "--spec", "nowhere.yaml")]
    public async Task A_missing_file_is_named_and_exits_with_2(params string[] command)
    {
        var result = await Programs.RunAsync(Programs.Trainer, command, folder: _folder);

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("nowhere", result.Errors);
        Assert.DoesNotContain("   at ", result.Errors);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("evaluate", "--model", "x")]
    [InlineData("evaluate", "--model", "x", "--tokens", "y", "--batch-size", "0")]
    [InlineData("generate", "--prompt", "x")]
    [InlineData("tokenizer", "train", "--vocabulary-size", "many")]
    public async Task A_mistake_in_the_command_line_exits_with_2(params string[] command)
    {
        var result = await Programs.RunAsync(Programs.Trainer, command, folder: _folder);

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("--", result.Errors);
    }

    [Fact]
    public async Task Encode_gives_the_lines_before_a_bad_one()
    {
        var result = await Programs.RunAsync(
            Programs.Trainer,
            ["tokenizer", "encode", "--tokenizer", Reference],
            "{\"content\": \"a\"}\n{\"content\": \"b\"}\nnonsense\n"
        );

        Assert.Equal(2, result.ExitCode);
        Assert.Equal(2, result.Output.Count(c => c == '\n'));
        Assert.Contains("line 3", result.Errors);
    }

    [Fact]
    public async Task A_tokenizer_of_another_vocabulary_than_the_model_s_is_refused()
    {
        File.WriteAllText(
            At("run.yaml"),
            RunFolder.TinyManifest.Replace(
                "model: { layers: 2, heads: 2, width: 32, contextLength: 64, dropout: 0.1 }",
                $"model: {{ from: \"file://{Reference}\", contextLength: 64 }}"
            )
        );

        var result = await Programs.RunAsync(Programs.Trainer, ["train", "--spec", At("run.yaml")], folder: _folder);

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("vocabulary", result.Errors);
    }

    private string TraceManifest =>
        $$"""
            apiVersion: codeparrot.dev/v1alpha1
            kind: TrainingRun
            metadata: { name: trace }
            spec:
              store: { uri: "file://{{At("store")}}" }
              corpus: { source: { uri: "file://{{At("batches.jsonl")}}", format: Tokens }, validationFraction: 0 }
              model: { from: "file://{{Reference}}", contextLength: 64, dropout: 0 }
              training:
                { batchSize: 4, maxSteps: 20, learningRate: 4e-3, precision: Fp32, schedule: { warmupSteps: 5 },
                  data: { order: Sequential } }
            """;

    private string At(params string[] parts) => Path.Combine([_folder, .. parts]);

    private static Task<ProgramResult> TrainerAsync(params string[] arguments) =>
        Programs.RunAsync(Programs.Trainer, arguments);

    private static List<(string Text, int[] Ids)> Cases()
    {
        var cases = new List<(string, int[])>();
        foreach (var line in File.ReadLines(Path.Combine(Reference, "tokenizer_cases.jsonl")))
        {
            var row = Row(line);
            cases.Add((row.GetProperty("text").GetString()!, Numbers(row.GetProperty("ids"))));
        }

        return cases;
    }

    private static void WriteTokens(string path, IEnumerable<JsonElement> sequences) =>
        File.WriteAllLines(path, sequences.Select(s => $$"""{"ids": {{s.GetRawText()}}}"""));

    private static JsonElement Row(string line) => JsonDocument.Parse(line).RootElement;

    private static int[] Ids(string line) => Numbers(Row(line).GetProperty("ids"));

    private static int[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(i => i.GetInt32())];

    private static double Number(JsonDocument answer, string name) => answer.RootElement.GetProperty(name).GetDouble();

    private static IEnumerable<string> Merges(string path) => File.ReadLines(path).Where(l => l[0] != '#');

    private static void AssertClose(JsonElement expected, IEnumerable<JsonElement> actual, double relative)
    {
        var pairs = expected
            .EnumerateArray()
            .Zip(actual)
            .Select(p => (p.First.GetDouble(), p.Second.GetDouble()))
            .ToList();
        Assert.Equal(20, pairs.Count);
        Assert.All(pairs, p => Assert.Equal(p.Item1, p.Item2, Math.Max(1e-9, Math.Abs(p.Item1) * relative)));
    }
}
