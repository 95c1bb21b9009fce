using System.Diagnostics;
using System.Text.Json;

namespace CodeParrot.Parity.Tests.Tokenizer;

/// <summary>
/// The Hugging Face tokenizers, run by node (tests/parity/oracle). Without npm or the packages a test is skipped on a
/// laptop and fails where <c>CI=true</c>.
/// </summary>
internal sealed class Oracle
{
    private static readonly Lazy<(Oracle? Oracle, string Reason)> Installed = new(Install);
    private static readonly string Folder = Path.Combine(ReferenceFiles.CheckoutPath, "tests", "parity", "oracle");

    private readonly string _modules;

    private Oracle(string modules)
    {
        _modules = modules;
    }

    /// <summary>The oracle; or the test ends as skipped, or failed in CI.</summary>
    public static Oracle Get()
    {
        (Oracle? oracle, string reason) = Installed.Value;
        if (oracle is null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip(reason);
        }

        Assert.True(oracle is not null, reason);
        return oracle;
    }

    /// <summary>Ids of each text and what they decode to.</summary>
    public List<Encoded> Encode(string tokenizerFile, IEnumerable<string> texts) =>
        [
            .. Answers(["encode", tokenizerFile], texts)
                .Select(line => JsonSerializer.Deserialize<Encoded>(line, JsonSerializerOptions.Web)!),
        ];

    /// <summary>Words of each text, in the byte alphabet.</summary>
    public List<string[]> Split(IEnumerable<string> texts) =>
        [.. Answers(["split"], texts).Select(line => JsonSerializer.Deserialize<string[]>(line)!)];

    /// <summary>
    /// Merges learnt from files, which the oracle reads line by line: vocabulary 30,000, no special token.
    /// </summary>
    public List<string> Train(IEnumerable<string> files)
    {
        using var folder = new TemporaryFolder();
        string output = Path.Combine(folder.Path, "tokenizer.json");
        string list = Path.Combine(folder.Path, "files.txt");
        File.WriteAllLines(list, files);
        Answers(["train", output, list], []);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(output));
        return
        [
            .. document
                .RootElement.GetProperty("model")
                .GetProperty("merges")
                .EnumerateArray()
                .Select(merge => merge.GetString()!),
        ];
    }

    private List<string> Answers(string[] arguments, IEnumerable<string> texts)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, "oracle.js"), .. arguments]);
        start.Environment["NODE_PATH"] = _modules;
        (int exitCode, string output, string errors) = Run(start, texts.Select(text => JsonSerializer.Serialize(text)));
        Assert.True(exitCode == 0, errors);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static (Oracle?, string) Install()
    {
        try
        {
            (int exitCode, string output, string errors) = Run(
                new ProcessStartInfo("sh", [Path.Combine(Folder, "install.sh")]),
                []
            );
            return exitCode == 0 ? (new Oracle(output.Trim()), "") : (null, $"the oracle does not install: {errors}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (null, $"the oracle needs sh, node and npm: {e.Message}");
        }
    }

    private static (int ExitCode, string Output, string Errors) Run(ProcessStartInfo start, IEnumerable<string> lines)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        var errors = new System.Text.StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        // The oracle reads all of its input before it answers, so writing first cannot block both.
        foreach (string line in lines)
        {
            process.StandardInput.WriteLine(line);
        }

        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.ToString());
    }

    internal sealed record Encoded(int[] Ids, string Decoded);
}
