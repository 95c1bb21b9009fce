using System.Diagnostics;
using CodeParrot.Corpus.Secrets;
using CodeParrot.Parity.Tests.Tokenizer;

namespace CodeParrot.Parity.Tests.Corpus;

/// <summary>What Python itself makes of real sources whose secrets were replaced.</summary>
public sealed class RedactionParityTests(ITestOutputHelper output) : IDisposable
{
    private const string Compare = """
        import ast, sys, warnings
        warnings.simplefilter("ignore")
        def shape(path):
            with open(path, encoding="utf-8", newline="") as file:
                return [type(node).__name__ for node in ast.walk(ast.parse(file.read()))]
        compared = 0
        for line in sys.stdin:
            before, after = line.rstrip("\n").split("\t")
            try:
                expected = shape(before)
            except (SyntaxError, ValueError, RecursionError):
                continue
            assert shape(after) == expected, before
            compared += 1
        print(compared)
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("redaction-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Redacted_sources_parse_to_trees_of_the_same_shape()
    {
        var list = new List<string>();
        foreach (var path in PythonFiles.Take(30_000_000))
        {
            var text = File.ReadAllText(path);
            var secrets = SecretFinder.Find(text);
            if (secrets.Count == 0)
                continue;
            var redacted = SecretRedactor.Redact(text, secrets);
            var after = Path.Combine(_folder.FullName, $"{list.Count}.py");
            File.WriteAllText(after, redacted);
            list.Add($"{path}\t{after}");
            var left = SecretFinder.Find(redacted).Select(secret => redacted.Substring(secret.Start, secret.Length));
            Assert.True(!left.Any(), $"{path}: {string.Join(", ", left)}");
        }

        var compared = int.Parse(Python(list), System.Globalization.CultureInfo.InvariantCulture);

        output.WriteLine($"{list.Count} sources with secrets, {compared} parsed");
        Assert.InRange(compared, 20, list.Count);
    }

    private static string Python(List<string> lines)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", Compare])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var python = Process.Start(start)!;
        var errors = python.StandardError.ReadToEndAsync();
        lines.ForEach(python.StandardInput.WriteLine);
        python.StandardInput.Close();
        var said = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
#pragma warning disable VSTHRD002 // The process has ended, and with it the stream.
        Assert.True(python.ExitCode == 0, errors.Result);
#pragma warning restore VSTHRD002
        return said.Trim();
    }
}
