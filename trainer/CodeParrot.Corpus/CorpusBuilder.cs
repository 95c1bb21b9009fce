using System.Runtime.CompilerServices;
using CodeParrot.Corpus.Decontamination;
using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Pipeline;
using CodeParrot.Corpus.Readers;
using CodeParrot.Corpus.Secrets;
using CodeParrot.Storage;

namespace CodeParrot.Corpus;

/// <summary>
/// Builds a corpus: source, filters, benchmarks, secrets, duplicates, split, document shards; <c>corpus.json</c>
/// last. The same source and options make the same shards under the same name, whatever the number of threads; a
/// corpus that is complete is not built again, and one that was left half done is.
/// </summary>
public sealed class CorpusBuilder
{
    // Documents between two reports of what is written.
    private const int ReportEvery = 1024;

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

    /// <summary>Builds the corpus, or finds it built.</summary>
    /// <exception cref="CorpusException">
    /// The source is missing, changes, is too damaged or has no usable document.
    /// </exception>
    /// <exception cref="StoreException">The target, or a source in a store, failed.</exception>
    public async Task<CorpusResult> BuildAsync(CancellationToken cancellationToken = default)
    {
        _progress?.Report(new CorpusProgress("list", 0, 0, 0));
        var include = new IncludePattern(_options.Include);
        var listing = await SourceListing.ReadAsync(_source, _options.Format, include, cancellationToken);
        if (listing.Objects == 0)
            throw new NoDocumentsException(_source.Uri, NoneChosen(listing));
        var benchmarks = await BenchmarkReader.ReadIndexAsync(_benchmarks, cancellationToken);
        var inputs = CorpusInputs.Of(_source, listing, _options, benchmarks);
        var prefix = $"corpora/{inputs.Hash}";
        if (await _target.FindAsync($"{prefix}/{CorpusManifest.FileName}", cancellationToken) is not null)
        {
            var found = await CorpusDocuments.ReadManifestAsync(_target, prefix, cancellationToken);
            return new CorpusResult(prefix, WasBuilt: false, found);
        }
        var manifest = await BuildAsync(listing, inputs, benchmarks, prefix, cancellationToken);
        return new CorpusResult(prefix, WasBuilt: true, manifest);
    }

    private async Task<CorpusManifest> BuildAsync(
        SourceListing listing,
        CorpusInputs inputs,
        BenchmarkIndex? benchmarks,
        string prefix,
        CancellationToken cancellationToken
    )
    {
        var tally = new CorpusTally(_source.Uri, _options.MaxBadDocuments);
        using var writer = new DocumentSplitWriter(_target, prefix, _options);
        var hasText = listing.Format != CorpusFormat.Tokens;
        var rules = new ContentRules
        {
            Benchmarks = hasText ? benchmarks : null,
            Secrets = hasText ? _options.Secrets : SecretHandling.Keep,
            Sketcher = hasText && _options.NearDuplicates is { } options ? new NearSketcher(options) : null,
        };
        var near = await WriteDocumentsAsync(listing, rules, tally, writer, cancellationToken);
        if (tally.Kept == 0)
            throw new NoDocumentsException(_source.Uri, NoneKept(tally));
        await writer.CompleteAsync(cancellationToken);
        var manifest = new CorpusManifest
        {
            Hash = inputs.Hash,
            Source = inputs.Source,
            Inputs = inputs,
            Counts = tally.ToCounts() with
            {
                Secrets = rules.Secrets == SecretHandling.Keep ? null : tally.ToSecretCounts(),
                Benchmarks = rules.Benchmarks?.ToCounts(tally.Problems),
                NearDuplicates = near,
            },
            Licenses = tally.Licenses,
            Bad = tally.FirstBad,
            Train = writer.Train,
            Validation = writer.Validation,
            CreatedBy = CorpusVersion.Product,
            CreatedAt = _time.GetUtcNow(),
        };
        var card = System.Text.Encoding.UTF8.GetBytes(DatasetCard.Write(manifest));
        await _target.WriteBytesAsync($"{prefix}/README.md", card, cancellationToken: cancellationToken);
        var key = $"{prefix}/{CorpusManifest.FileName}";
        await _target.WriteJsonAsync(key, manifest, CorpusJson.Manifest, cancellationToken: cancellationToken);
        return manifest;
    }

    private async Task<NearDuplicateCounts?> WriteDocumentsAsync(
        SourceListing listing,
        ContentRules rules,
        CorpusTally tally,
        DocumentSplitWriter writer,
        CancellationToken cancellationToken
    )
    {
        var documents = ReadDistinctAsync(listing, rules, tally, cancellationToken);
        NearDuplicateFilter? filter = null;
        if (rules.Sketcher is { } sketcher)
        {
            filter = new NearDuplicateFilter(
                _options.NearDuplicates!,
                sketcher.Banding,
                _options.WorkFolder,
                _progress
            );
            documents = filter.FilterAsync(documents, cancellationToken);
        }
        var splitter = new ValidationSplitter(_options.ValidationFraction);
        await foreach (var document in documents)
        {
            tally.Keep(document);
            foreach (var (split, settled) in splitter.Add(document))
                await writer.AddAsync(split, settled, cancellationToken);
            if (filter is not null && tally.Kept % ReportEvery == 0)
                _progress?.Report(new CorpusProgress("write", tally.Read, tally.SourceBytes, tally.Kept));
        }
        foreach (var (split, settled) in splitter.Complete())
            await writer.AddAsync(split, settled, cancellationToken);
        tally.Drop(DropReason.NearDuplicate, filter?.Counts?.Dropped ?? 0);
        return filter?.Counts;
    }

    private async IAsyncEnumerable<KeptDocument> ReadDistinctAsync(
        SourceListing listing,
        ContentRules rules,
        CorpusTally tally,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var seen = _options.DeduplicateExact && listing.Format != CorpusFormat.Tokens ? new DigestSet() : null;
        var distinct = 0L;
        var results = OrderedParallel.RunAsync(
            new SourceBatches(_source, listing, _options, rules).ReadAsync(cancellationToken),
            (batch, cancellation) => batch.LoadAsync(cancellation),
            _options.Threads,
            cancellationToken
        );
        await foreach (var result in results)
        {
            tally.Add(result);
            foreach (var document in result.Kept)
            {
                if (seen?.Add(document.Digest) == false)
                {
                    tally.Drop(DropReason.Duplicate);
                    continue;
                }
                distinct++;
                yield return document;
            }
            _progress?.Report(new CorpusProgress("read", tally.Read, tally.SourceBytes, distinct));
        }
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
