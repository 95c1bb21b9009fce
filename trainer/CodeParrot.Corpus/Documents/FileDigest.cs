using System.Security.Cryptography;

namespace CodeParrot.Corpus.Documents;

/// <summary>Digests of local files.</summary>
internal static class FileDigest
{
    private const int BufferBytes = 1024 * 1024;

    /// <summary>
    /// Returns a file's SHA-256, hexadecimal in lower case. Reads in large pieces: a shard takes seconds.
    /// </summary>
    public static string Compute(string path, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        long offset = 0;
        for (int read; (read = RandomAccess.Read(file, buffer, offset)) > 0; offset += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            digest.AppendData(buffer, 0, read);
        }
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
