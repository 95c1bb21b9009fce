using CodeParrot.Corpus.Decontamination;
using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Parts;
using CodeParrot.Corpus.Pipeline;
using CodeParrot.Corpus.Readers;
using CodeParrot.Corpus.Secrets;
using CodeParrot.Storage;

namespace CodeParrot.Corpus;

/// <summary>
/// Builds a corpus: source, filters, benchmarks, secrets, duplicates, split, document shards; <c>corpus.json</c>
/// last. The same source and options make the same shards under the same name, whatever the number of threads and
/// workers; a corpus that is complete is not built again, and one that was left half done is.
/// </summary>
public sealed class CorpusBuilder
{
    private readonly CorpusOptions _options;
    private readonly ISourceTree _source;
    private readonly IObjectStore _target;
    private readonly TimeProvider _time;
    private readonly IProgress<CorpusProgress>? _progress;
    private readonly IReadOnlyList<ISourceTree> _benchmarks;

    /// <summary>Creates the builder; source, target and benchmarks stay the caller's.</summary>
    /// <param name="options">Which documents make the corpus.</param>
    /// <param name="source">Where they are.</param>
    /// <param name="target">Where the corpus goes.</param>
    /// <param name="time">Dates it.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="benchmarks">Problems that no document may hold; ready-made ids are not looked into.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists every mistake.</exception>
    public CorpusBuilder(
        CorpusOptions options,
        ISourceTree source,
        IObjectStore target,
        TimeProvider time,
        IProgress<CorpusProgress>? progress = null,
        IReadOnlyList<ISourceTree>? benchmarks = null
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var mistakes = options.Validate().ToList();
        if (mistakes.Count > 0)
            throw new ArgumentException("corpus: " + string.Join("; ", mistakes), nameof(options));
        _options = options;
        _source = source;
        _target = target;
        _time = time;
        _progress = progress;
        _benchmarks = benchmarks ?? [];
    }

    /// <summary>
    /// Builds the corpus, or finds it built. With several workers this is what the first does: its share, and then out
    /// of what all have made the corpus.
    /// </summary>
    /// <exception cref="CorpusException">
    /// The source is missing, changes, is too damaged or has no usable document.
    /// </exception>
    /// <exception cref="StoreException">The target, or a source in a store, failed.</exception>
    public async Task<CorpusResult> BuildAsync(CancellationToken cancellationToken = default)
    {
        var work = await PlanAsync(cancellationToken);
        if (await work.Parts.IsCorpusBuiltAsync(cancellationToken))
        {
            await work.Parts.RemoveAsync(cancellationToken);
            var found = await CorpusDocuments.ReadManifestAsync(_target, work.Prefix, cancellationToken);
            return new CorpusResult(work.Prefix, WasBuilt: false, found);
        }
        IDistinctDocuments documents = IsShared(work)
            ? Assemble(work)
            : new SourceReading(_options, _source, work.Listing, work.Rules, _progress);
        var manifest = await WriteAsync(work, documents, cancellationToken);
        await work.Parts.RemoveAsync(cancellationToken);
        return new CorpusResult(work.Prefix, WasBuilt: true, manifest) { Notices = documents.Notices };
    }

    /// <summary>
    /// Does the share of a worker beside the first. What was stored of it before is not done again.
    /// </summary>
    /// <exception cref="CorpusException">The source is missing, changes or is too damaged.</exception>
    /// <exception cref="StoreException">The target, or a source in a store, failed.</exception>
    public async Task<HelpResult> HelpAsync(CancellationToken cancellationToken = default)
    {
        var work = await PlanAsync(cancellationToken);
        if (!IsShared(work) || await work.Parts.IsCorpusBuiltAsync(cancellationToken))
            return new HelpResult(work.Prefix, Parts: 0, WasNeeded: false);
        var worker = WorkerOf(work, BoardOf(work));
        await worker.WalkAsync(piece => piece % _options.WorkerCount == _options.WorkerIndex, cancellationToken);
        // One that was late, or thought dead, finds that nobody needs what it made.
        if (await work.Parts.IsCorpusBuiltAsync(cancellationToken))
            await work.Parts.RemoveAsync(cancellationToken);
        return new HelpResult(work.Prefix, worker.Made, WasNeeded: true);
    }

    private async Task<CorpusWork> PlanAsync(CancellationToken cancellationToken)
    {
        _progress?.Report(new CorpusProgress("list", 0, 0, 0));
        var include = new IncludePattern(_options.Include);
        var listing = await SourceListing.ReadAsync(_source, _options.Format, include, cancellationToken);
        if (listing.Objects == 0)
            throw new NoDocumentsException(_source.Uri, NoneChosen(listing));
        var benchmarks = await BenchmarkReader.ReadIndexAsync(_benchmarks, cancellationToken);
        var inputs = CorpusInputs.Of(_source, listing, _options, benchmarks);
        var hasText = listing.Format != CorpusFormat.Tokens;
        var rules = new ContentRules
        {
            Benchmarks = hasText ? benchmarks : null,
            Secrets = hasText ? _options.Secrets : SecretHandling.Keep,
            Sketcher = hasText && _options.NearDuplicates is { } options ? new NearSketcher(options) : null,
        };
        return new CorpusWork(listing, inputs, rules, new PartStore(_target, inputs.Hash));
    }

    private bool IsShared(CorpusWork work) =>
        _options.WorkerCount > 1 && !new SourcePieces(_source, work.Listing, _options).IsOne;

    private WorkerBoard BoardOf(CorpusWork work) => new(_target, work.Parts, _options.WorkerIndex, _time);

    private PieceWorker WorkerOf(CorpusWork work, WorkerBoard board) =>
        new(_options, _source, work.Listing, work.Rules, work.Parts, board, _progress);

    private PartAssembly Assemble(CorpusWork work)
    {
        var board = BoardOf(work);
        var worker = WorkerOf(work, board);
        var wait = new PartWait(work.Parts, board, worker, _options.WorkerCount, _time);
        return new PartAssembly(_options, work, _source, worker, wait, _progress);
    }

    private async Task<CorpusManifest> WriteAsync(
        CorpusWork work,
        IDistinctDocuments documents,
        CancellationToken cancellationToken
    )
    {
        var tally = new CorpusTally(_source.Uri, _options.MaxBadDocuments);
        using var writer = new DocumentSplitWriter(_target, work.Prefix, _options);
        var splitter = new ValidationSplitter(_options.ValidationFraction);
        await foreach (var document in documents.ReadAsync(tally, cancellationToken))
        {
            tally.Keep(document);
            foreach (var (split, settled) in splitter.Add(document))
                await writer.AddAsync(split, settled, cancellationToken);
        }
        foreach (var (split, settled) in splitter.Complete())
            await writer.AddAsync(split, settled, cancellationToken);
        tally.Drop(DropReason.NearDuplicate, documents.Near?.Dropped ?? 0);
        if (tally.Kept == 0)
            throw new NoDocumentsException(_source.Uri, NoneKept(tally));
        await writer.CompleteAsync(cancellationToken);
        var rules = work.Rules;
        var manifest = new CorpusManifest
        {
            Hash = work.Inputs.Hash,
            Source = work.Inputs.Source,
            Inputs = work.Inputs,
            Counts = tally.ToCounts() with
            {
                Secrets = rules.Secrets == SecretHandling.Keep ? null : tally.ToSecretCounts(),
                Benchmarks = rules.Benchmarks?.ToCounts(tally.Problems),
                NearDuplicates = documents.Near,
            },
            Licenses = tally.Licenses,
            Bad = tally.FirstBad,
            Train = writer.Train,
            Validation = writer.Validation,
            CreatedBy = CorpusVersion.Product,
            CreatedAt = _time.GetUtcNow(),
        };
        var card = System.Text.Encoding.UTF8.GetBytes(DatasetCard.Write(manifest));
        await _target.WriteBytesAsync($"{work.Prefix}/README.md", card, cancellationToken: cancellationToken);
        var key = $"{work.Prefix}/{CorpusManifest.FileName}";
        await _target.WriteJsonAsync(key, manifest, CorpusJson.Manifest, cancellationToken: cancellationToken);
        return manifest;
    }

    private string NoneChosen(SourceListing listing) =>
        listing.Format == CorpusFormat.Files
            ? $"none of its {listing.Listed} files matches spec.corpus.include '{_options.Include}'"
            : $"none of its {listing.Listed} files is named as {SourceNames.Describe(listing.Format)}";

    private static string NoneKept(CorpusTally tally)
    {
        var counts = tally.ToCounts();
        var drops = counts.Dropped.Select(drop => $"{drop.Key} {drop.Value}");
        var named = tally.FirstBad.Count == 0 ? "" : $" (first bad: {tally.FirstBad[0]})";
        return $"of {counts.Read} read, {counts.Bad} were bad{named} and these dropped: "
            + $"{string.Join(", ", drops.DefaultIfEmpty("none"))}; relax spec.corpus.filters, or name another source";
    }
}
