namespace CodeParrot.Corpus.Dedup;

/// <summary>What the search for near duplicates found.</summary>
/// <param name="Groups">Groups of two documents and more.</param>
/// <param name="Largest">Documents in the largest group; 0 without any.</param>
/// <param name="Dropped">Documents that are not the first of their group.</param>
/// <param name="Compared">Pairs of documents whose tokens were compared.</param>
/// <param name="Bands">Bands of a signature.</param>
/// <param name="Rows">Minima in each band.</param>
public sealed record NearDuplicateCounts(long Groups, long Largest, long Dropped, long Compared, int Bands, int Rows);
