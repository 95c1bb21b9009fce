using System.Text;
using System.Text.Json;
using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Decontamination;

/// <summary>
/// Reads benchmarks: JSON lines in HumanEval's fields, or texts, one a line. Nothing is skipped: a benchmark that is
/// half read would be half in the corpus.
/// </summary>
internal static class BenchmarkReader
{
    /// <summary>Reads benchmarks into an index; none when there are none.</summary>
    /// <exception cref="BenchmarkUnreadableException">Something there is no benchmark.</exception>
    /// <exception cref="SourceNotFoundException">There is nothing there.</exception>
    public static async Task<BenchmarkIndex?> ReadIndexAsync(
        IReadOnlyList<ISourceTree> trees,
        CancellationToken cancellationToken
    )
    {
        var all = new List<BenchmarkProblem>();
        foreach (var tree in trees)
        {
            var problems = await ReadAsync(tree, cancellationToken);
            if (problems.Count == 0)
                throw new BenchmarkUnreadableException(tree.Uri, "holds no problem");
            all.AddRange(problems);
        }
        var index = all.Count == 0 ? null : new BenchmarkIndex(all);
        if (index is not null && index.TooShort == index.Problems)
        {
            var complaint = $"holds no text of {BenchmarkIndex.LeastShingles + WordShingles.Words - 1} words";
            throw new BenchmarkUnreadableException(trees[0].Uri, complaint);
        }
        return index;
    }

    private static async Task<List<BenchmarkProblem>> ReadAsync(ISourceTree tree, CancellationToken cancellationToken)
    {
        var problems = new List<BenchmarkProblem>();
        await foreach (var found in tree.ListAsync(cancellationToken))
        {
            try
            {
                await ReadAsync(tree, found, problems, cancellationToken);
            }
            catch (Exception fault) when (SourceStreams.IsDamage(fault) || LocalFiles.IsFault(fault))
            {
                throw new BenchmarkUnreadableException(
                    tree.Uri,
                    $"is truncated or damaged at {found.Key} ({fault.Message})",
                    fault
                );
            }
        }
        return problems;
    }

    private static async Task ReadAsync(
        ISourceTree tree,
        SourceObject found,
        List<BenchmarkProblem> problems,
        CancellationToken cancellationToken
    )
    {
        var (stream, complaint) = await SourceStreams.TryOpenAsync(tree, found, cancellationToken);
        if (stream is null)
            throw new BenchmarkUnreadableException(tree.Uri, $"holds {found.Key}, which {complaint}");
        await using var plain = stream;
        using var reader = new StreamReader(plain, Encoding.UTF8);
        var list = $"{tree.Uri} {found.Key}";
        var isJson = SourceNames.FormatOf(found.Key) == CorpusFormat.JsonLines;
        var number = 0;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var place = $"{found.Key}:{number}";
            problems.Add(isJson ? ReadJson(tree.Uri, list, place, line) : new BenchmarkProblem(place, list, [line]));
        }
    }

    private static BenchmarkProblem ReadJson(string uri, string list, string place, string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var problem = json.RootElement;
            if (problem.ValueKind == JsonValueKind.Object)
            {
                var (prompt, solution) = (Text(problem, "prompt"), Text(problem, "canonical_solution"));
                // A copy holds both, and each alone may be too short to tell.
                var whole = prompt.Length > 0 && solution.Length > 0 ? prompt + "\n" + solution : "";
                var parts = new[] { prompt, solution, whole, Text(problem, "test") };
                var name = Text(problem, "task_id");
                if (parts.Any(part => part.Length > 0))
                    return new BenchmarkProblem(name.Length > 0 ? name : place, list, parts);
            }
            throw new BenchmarkUnreadableException(uri, $"has no problem at {place}");
        }
        catch (JsonException fault)
        {
            throw new BenchmarkUnreadableException(uri, $"is not JSON at {place}", fault);
        }
    }

    private static string Text(JsonElement problem, string field) =>
        problem.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}
