namespace CodeParrot.Contract.Store;

/// <summary>One object of a checkpoint.</summary>
/// <param name="Name">File name below the checkpoint's prefix.</param>
/// <param name="SizeBytes">Size.</param>
/// <param name="Sha256">Digest, hex in lower case.</param>
public sealed record CheckpointObject(string Name, long SizeBytes, string Sha256);
