using CodeParrot.Corpus.Documents;
using CodeParrot.Storage;

namespace CodeParrot.Corpus;

/// <summary>Shows a corpus to a person.</summary>
public static class CorpusInspector
{
    private const int HeadLines = 6;

    /// <summary>Writes the counts of a corpus and the heads of its first documents.</summary>
    /// <param name="store">Where the corpus is.</param>
    /// <param name="prefix">Its prefix.</param>
    /// <param name="split">Whose documents are shown.</param>
    /// <param name="documents">How many are shown.</param>
    /// <param name="output">Where the text goes.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ObjectNotFoundException">The corpus is not there, or not complete.</exception>
    /// <exception cref="StoreCorruptionException">It is damaged.</exception>
    public static async Task WriteAsync(
        IObjectStore store,
        string prefix,
        CorpusSplit split,
        int documents,
        TextWriter output,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(output);
        var manifest = await CorpusDocuments.ReadManifestAsync(store, prefix, cancellationToken);
        await output.WriteLineAsync($"corpus      {manifest.Hash}");
        await output.WriteLineAsync($"source      {manifest.Source} ({manifest.Inputs.Format})");
        await output.WriteLineAsync(
            $"read        {manifest.Counts.Read} documents, {manifest.Counts.SourceBytes} bytes"
        );
        foreach (var (reason, count) in manifest.Counts.Dropped)
            await output.WriteLineAsync($"dropped     {count} {reason}");
        if (manifest.Counts.Secrets is { } secrets)
            await output.WriteLineAsync(
                $"secrets     in {secrets.Documents} documents"
                    + string.Concat(secrets.Found.Select(found => $", {found.Key} {found.Value}"))
            );
        if (manifest.Counts.Benchmarks is { } benchmarks)
            await output.WriteLineAsync(
                $"benchmarks  {benchmarks.Documents.Count} of {benchmarks.Problems} problems found, "
                    + $"{benchmarks.TooShort} too short to tell"
            );
        if (manifest.Counts.NearDuplicates is { } near)
            await output.WriteLineAsync(
                $"groups      {near.Groups} of near duplicates, the largest of {near.Largest}, "
                    + $"{near.Compared} pairs compared"
            );
        await output.WriteLineAsync($"bad         {manifest.Counts.Bad}");
        foreach (var bad in manifest.Bad)
            await output.WriteLineAsync($"            {bad}");
        await output.WriteLineAsync($"kept        {manifest.Counts.Kept} documents, {manifest.Counts.KeptBytes} bytes");
        await output.WriteLineAsync($"train       {manifest.DocumentsOf(CorpusSplit.Train)} documents");
        await output.WriteLineAsync($"validation  {manifest.DocumentsOf(CorpusSplit.Validation)} documents");
        foreach (var (license, count) in manifest.Licenses)
            await output.WriteLineAsync($"licence     {count} {(license.Length == 0 ? "unknown" : license)}");
        await WriteHeadsAsync(store, prefix, split, documents, output, cancellationToken);
    }

    private static async Task WriteHeadsAsync(
        IObjectStore store,
        string prefix,
        CorpusSplit split,
        int documents,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        if (documents <= 0)
            return;
        var shown = 0;
        await foreach (var document in CorpusDocuments.ReadAsync(store, prefix, split, cancellationToken))
        {
            await output.WriteLineAsync($"\n--- {document.RepoName} {document.Path} {document.License}".TrimEnd());
            foreach (var line in HeadOf(document))
                await output.WriteLineAsync(line);
            if (++shown >= documents)
                return;
        }
    }

    private static IEnumerable<string> HeadOf(Document document) =>
        document.Ids.Count > 0
            ? [$"{document.Ids.Count} ids: {string.Join(' ', document.Ids.Take(16))}"]
            : document.Content.Split('\n').Take(HeadLines).Select(line => line.TrimEnd('\r'));
}
