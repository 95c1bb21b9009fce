using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CodeParrot.Storage;

namespace CodeParrot.Evaluation.HumanEval.Results;

/// <summary>
/// Results in a store, below a prefix: <c>settings.json</c> first, a file a problem while the run goes on, then
/// <c>samples.jsonl</c> and, last, <c>summary.json</c>. A run that is started again takes up the problems it finds.
/// </summary>
/// <param name="store">The store; the caller owns it.</param>
/// <param name="prefix">Prefix in it; empty for its root.</param>
public sealed class HumanEvalResults(IObjectStore store, string prefix)
{
    internal static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web)
        {
            // Code is full of quotes and comparisons, which nothing here would take for markup.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        };

    private static readonly JsonSerializerOptions Indented = new(Json) { WriteIndented = true };

    /// <summary>Key of the summary.</summary>
    public string SummaryKey => Key("summary.json");

    /// <summary>Key of the samples.</summary>
    public string SamplesKey => Key("samples.jsonl");

    /// <summary>Begins, or goes on: returns the results of the problems that are done, by their names.</summary>
    /// <param name="settings">What the figures depend on.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ResultsMismatchException">There are results of other settings.</exception>
    public async Task<IReadOnlyDictionary<string, ProblemResult>> OpenAsync(
        HumanEvalSettings settings,
        CancellationToken cancellationToken
    )
    {
        var key = Key("settings.json");
        if (await store.FindAsync(key, cancellationToken) is null)
        {
            await store.WriteJsonAsync(key, settings, Indented, cancellationToken: cancellationToken);
            return new Dictionary<string, ProblemResult>();
        }

        if (await store.ReadJsonAsync<HumanEvalSettings>(key, Json, cancellationToken) != settings)
        {
            throw new ResultsMismatchException(store.Location.UriOf(prefix));
        }

        var done = new Dictionary<string, ProblemResult>();
        await foreach (var found in store.ListAsync(Key("problems/"), cancellationToken))
        {
            var result = await store.ReadJsonAsync<ProblemResult>(found.Key, Json, cancellationToken);
            done[result.TaskId] = result;
        }

        return done;
    }

    /// <summary>Keeps the result of a problem.</summary>
    public Task AddAsync(ProblemResult result, int problemIndex, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(result);
        return store.WriteJsonAsync(
            Key($"problems/{problemIndex:D5}.json"),
            result,
            Json,
            cancellationToken: cancellationToken
        );
    }

    /// <summary>Writes the samples of all problems, and the summary.</summary>
    public async Task FinishAsync(
        IReadOnlyList<ProblemResult> results,
        HumanEvalSummary summary,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(results);
        var lines = new StringBuilder();
        foreach (var sample in results.SelectMany(result => result.Samples))
        {
            lines.Append(JsonSerializer.Serialize(sample, Json)).Append('\n');
        }

        await store.WriteBytesAsync(
            SamplesKey,
            Encoding.UTF8.GetBytes(lines.ToString()),
            cancellationToken: cancellationToken
        );
        await store.WriteJsonAsync(SummaryKey, summary, Indented, cancellationToken: cancellationToken);
    }

    private string Key(string name) => prefix.Length == 0 ? name : $"{prefix}/{name}";
}
