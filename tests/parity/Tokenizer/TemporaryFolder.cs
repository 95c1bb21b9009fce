namespace CodeParrot.Parity.Tests.Tokenizer;

/// <summary>A new folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("codeparrot-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
