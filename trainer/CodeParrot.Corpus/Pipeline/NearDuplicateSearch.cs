using System.Collections;
using CodeParrot.Corpus.Dedup;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>Takes the sketches of documents in their order, and says which are not the first of their group.</summary>
internal sealed class NearDuplicateSearch : IDisposable
{
    private readonly NearDuplicateOptions _options;
    private readonly Banding _banding;
    private readonly SketchFiles _files;
    private readonly SketchWriter _writer;
    private readonly IProgress<CorpusProgress>? _progress;

    /// <summary>Begins a search.</summary>
    /// <param name="options">Which documents count as near duplicates.</param>
    /// <param name="banding">How signatures are cut.</param>
    /// <param name="folder">An existing folder for the sketches.</param>
    /// <param name="progress">Hears how far it is.</param>
    public NearDuplicateSearch(
        NearDuplicateOptions options,
        Banding banding,
        string folder,
        IProgress<CorpusProgress>? progress
    )
    {
        _options = options;
        _banding = banding;
        _files = new SketchFiles(folder, banding.Bands);
        _writer = new SketchWriter(_files);
        _progress = progress;
    }

    /// <summary>Gets what was found.</summary>
    public NearDuplicateCounts? Counts { get; private set; }

    /// <summary>Takes the next document's sketch; none keeps its place.</summary>
    public void Add(NearSketch? sketch) => _writer.Add(sketch);

    /// <summary>Ends the search; a bit for each document.</summary>
    public BitArray FindDropped(CancellationToken cancellationToken)
    {
        _writer.Complete();
        var count = _writer.Count;
        using var sketches = new SketchReader(_files, count);
        var finder = new NearDuplicateFinder(sketches, _options.Similarity);
        for (var band = 0; band < _banding.Bands; band++)
        {
            _progress?.Report(new CorpusProgress($"compare, band {band + 1} of {_banding.Bands}", count, 0, count));
            finder.AddBand(band, cancellationToken);
        }
        Counts = finder.Count(_banding);
        var dropped = new BitArray(count);
        for (var document = 0; document < count; document++)
            dropped[document] = !finder.IsFirst(document);
        return dropped;
    }

    public void Dispose() => _writer.Dispose();
}
