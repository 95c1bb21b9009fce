namespace CodeParrot.Corpus.Dedup;

/// <summary>The files of sketches in a work folder, and how bands lie in theirs.</summary>
/// <param name="folder">An existing folder.</param>
/// <param name="bands">Bands of a sketch.</param>
internal sealed class SketchFiles(string folder, int bands)
{
    /// <summary>
    /// Sketches in a block. In a block each band lies in one piece, so that reading one band of all sketches takes
    /// the file's other bytes for nothing else than a seek.
    /// </summary>
    public const int BlockSketches = 8192;

    /// <summary>Gets the bands of a sketch.</summary>
    public int Bands => bands;

    /// <summary>Gets the file of band hashes, 8 bytes each, in blocks.</summary>
    public string BandsPath { get; } = Path.Combine(folder, "near-bands.bin");

    /// <summary>Gets the file of token hashes, 4 bytes each, one document behind the other.</summary>
    public string TokensPath { get; } = Path.Combine(folder, "near-tokens.bin");

    /// <summary>Gets the file of the numbers of distinct tokens, 4 bytes a document.</summary>
    public string SizesPath { get; } = Path.Combine(folder, "near-sizes.bin");

    /// <summary>Returns where a block's piece of a band begins.</summary>
    public long OffsetOf(long block, int band) => ((block * bands) + band) * BlockSketches * sizeof(ulong);
}
