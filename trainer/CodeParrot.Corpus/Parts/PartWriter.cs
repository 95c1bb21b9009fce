using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Pipeline;

namespace CodeParrot.Corpus.Parts;

/// <summary>
/// Writes the part of a piece to the work folder. Of documents that are equal the first is kept, as it will be when the
/// parts are put together.
/// </summary>
/// <param name="folder">An existing folder of its own.</param>
/// <param name="dropsDuplicates">Whether equal documents are dropped.</param>
internal sealed class PartWriter(DirectoryInfo folder, bool dropsDuplicates) : IDisposable
{
    private readonly DigestSet? _seen = dropsDuplicates ? new DigestSet() : null;
    private readonly DocumentSpool _texts = new(Path.Combine(folder.FullName, "texts"));
    private readonly PartIndex _index = new(Path.Combine(folder.FullName, "index"));

    /// <summary>Gets what became of the piece's documents.</summary>
    public PartCounts Counts { get; } = new();

    /// <summary>Gets how many are kept.</summary>
    public int Documents { get; private set; }

    /// <summary>Gets the file of their texts.</summary>
    public string TextsPath { get; } = Path.Combine(folder.FullName, "texts");

    /// <summary>Gets the file of what duplicates are known by.</summary>
    public string IndexPath { get; } = Path.Combine(folder.FullName, "index");

    /// <summary>Takes what became of the piece's next batch.</summary>
    public void Add(BatchResult batch)
    {
        Counts.Add(batch);
        foreach (var document in batch.Kept)
        {
            if (_seen?.Add(document.Digest) == false)
            {
                Counts.DropDuplicate();
                continue;
            }
            _texts.Add(document);
            _index.Add(document.Digest, document.Sketch);
            Documents = checked(Documents + 1);
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _texts.Dispose();
        _index.Dispose();
    }
}
