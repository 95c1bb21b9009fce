using CodeParrot.Storage;

namespace CodeParrot.Corpus.Tests;

/// <summary>A folder of a test's own, gone after it.</summary>
public sealed class ScratchFolder : IDisposable
{
    // The store waits for the disk at every write, which no test here is about: memory where there is some.
    private const string Memory = "/dev/shm";

    public string Path { get; } =
        Directory
            .CreateDirectory(
                System.IO.Path.Combine(
                    Directory.Exists(Memory) ? Memory : System.IO.Path.GetTempPath(),
                    $"corpus-tests-{Guid.NewGuid():N}"
                )
            )
            .FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public IObjectStore OpenStore(string name = "store") =>
        ObjectStores.Open(new StoreOptions { Uri = this[name] }, TimeProvider.System);

    public void Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], bytes);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
