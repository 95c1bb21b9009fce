using CodeParrot.Contract.Spec;
using CodeParrot.Evaluation.HumanEval.Problems;
using CodeParrot.Storage;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.HumanEval;

/// <summary>A file of problems, wherever it is.</summary>
internal static class ProblemsInput
{
    /// <summary>Reads <c>s3://bucket/key</c>, <c>file:///folder/file</c> or a path.</summary>
    /// <param name="access">Opens stores.</param>
    /// <param name="store">The store whose server, region and credentials also serve here.</param>
    /// <param name="uri">The file.</param>
    /// <param name="digest">SHA-256 that it must have; empty takes any.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ObjectNotFoundException">There is no such file.</exception>
    /// <exception cref="ProblemsFileException">It is no file of problems, or another one.</exception>
    public static async Task<ProblemsFile> ReadAsync(
        StoreAccess access,
        StoreSpec store,
        string uri,
        string digest,
        CancellationToken cancellationToken
    )
    {
        var isPath = !uri.Contains("://", StringComparison.Ordinal);
        var place = isPath ? Path.GetFullPath(uri) : uri;
        var slash = place.LastIndexOf('/');
        var name = place[(slash + 1)..];
        if (name.Length == 0)
        {
            throw new ProblemsFileException(uri, 0, "is a folder: name the file of problems in it");
        }

        // A file at the root of a disk has nothing before its slash.
        using var folder = access.OpenInput(store, slash > 0 ? place[..slash] : "/");
        return ProblemsFile.Read(await folder.ReadBytesAsync(name, cancellationToken), uri, digest);
    }
}
