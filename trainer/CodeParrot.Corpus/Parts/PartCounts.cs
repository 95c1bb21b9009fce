using System.Text.Json.Serialization;
using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Pipeline;
using CodeParrot.Corpus.Readers;
using CodeParrot.Corpus.Secrets;

namespace CodeParrot.Corpus.Parts;

/// <summary>What became of the documents of a piece, as far as one worker can tell.</summary>
internal sealed class PartCounts
{
    /// <summary>Gets or sets how many documents were looked at, good or bad.</summary>
    public long Read { get; set; }

    /// <summary>Gets or sets their bytes, decompressed.</summary>
    public long SourceBytes { get; set; }

    /// <summary>Gets or sets how many could not be read.</summary>
    public long Bad { get; set; }

    /// <summary>Gets the first of those.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public List<BadInput> FirstBad { get; } = [];

    /// <summary>Gets how many were dropped, by reason.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public SortedDictionary<DropReason, long> Dropped { get; } = [];

    /// <summary>Gets how many hold a problem of a benchmark, by the problem's place in the list.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public SortedDictionary<int, long> Problems { get; } = [];

    /// <summary>Gets how many secrets were found, by kind.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public SortedDictionary<SecretKind, long> Secrets { get; } = [];

    /// <summary>Gets or sets how many documents they were found in.</summary>
    public long SecretDocuments { get; set; }

    /// <summary>Counts a batch, without the documents it kept.</summary>
    public void Add(BatchResult batch)
    {
        Read += batch.Read;
        SourceBytes += batch.SourceBytes;
        Bad += batch.Bad.Count;
        FirstBad.AddRange(batch.Bad.Take(CorpusTally.NamedBad - FirstBad.Count));
        for (var reason = 0; reason < batch.Drops.Length; reason++)
            Add(Dropped, (DropReason)reason, batch.Drops[reason]);
        foreach (var problem in batch.Problems)
            Add(Problems, problem, 1);
        for (var kind = 0; kind < batch.Secrets.Length; kind++)
            Add(Secrets, (SecretKind)kind, batch.Secrets[kind]);
        SecretDocuments += batch.SecretDocuments;
    }

    /// <summary>Counts a document that is equal to one before it.</summary>
    public void DropDuplicate() => Add(Dropped, DropReason.Duplicate, 1);

    private static void Add<TKey>(SortedDictionary<TKey, long> counts, TKey key, long count)
        where TKey : notnull
    {
        if (count > 0)
            counts[key] = counts.GetValueOrDefault(key) + count;
    }
}
