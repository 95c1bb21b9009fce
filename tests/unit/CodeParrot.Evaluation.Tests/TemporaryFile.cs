namespace CodeParrot.Evaluation.Tests;

/// <summary>A file of its own for one test, removed at the end.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-evaluation-").FullName;

    public TemporaryFile(params string[] lines)
    {
        Path = System.IO.Path.Combine(_folder, "lines.jsonl");
        File.WriteAllLines(Path, lines);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
