using System.Security.Cryptography;

namespace CodeParrot.Corpus.Documents;

/// <summary>Folders of their own below a work folder, for shards on their way to the store.</summary>
internal static class WorkFolders
{
    public static DirectoryInfo Create(string below) =>
        // Several processes may share the work folder.
        Directory.CreateDirectory(
            Path.Combine(below, $"codeparrot-corpus-{RandomNumberGenerator.GetHexString(12, lowercase: true)}")
        );

    public static void Delete(DirectoryInfo folder)
    {
        if (Directory.Exists(folder.FullName))
            Directory.Delete(folder.FullName, recursive: true);
    }
}
