namespace CodeParrot.Checkpoints;

/// <summary>One object of a checkpoint that is to be written.</summary>
/// <param name="Name">Its file name below the checkpoint's prefix.</param>
/// <param name="Open">Opens its content as a seekable stream, which the writer disposes.</param>
public sealed record CheckpointSource(string Name, Func<Stream> Open)
{
    /// <summary>Makes a source of bytes.</summary>
    public static CheckpointSource OfBytes(string name, byte[] content) =>
        new(name, () => new MemoryStream(content, writable: false));
}
