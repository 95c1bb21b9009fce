using System.Diagnostics;
using System.Net.Http.Json;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Integration.Tests.Runs;

/// <summary>The train stage under <c>codeparrot run</c>, seen from outside: its processes, and how far it is.</summary>
internal static class TrainingProcesses
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until rank 0 says that something is so.</summary>
    /// <param name="run">The run.</param>
    /// <param name="process">The process of its <c>codeparrot run</c>, which must live.</param>
    /// <param name="isSo">What rank 0's progress must be like.</param>
    public static async Task<RunProgress> UntilAsync(RunFolder run, Process process, Func<RunProgress, bool> isSo)
    {
        var file = run.At("state", "runs", "default", RunFolder.Run, "pods", "tiny-train-a1-0", "http-port");
        using var client = new HttpClient();
        var patience = Stopwatch.StartNew();
        RunProgress? newest = null;
        while (true)
        {
            Assert.False(process.HasExited, $"the run ended before that, at step {newest?.Step}");
            Assert.True(patience.Elapsed < Patience, $"not so after three minutes, at step {newest?.Step}");
            try
            {
                var port = (await File.ReadAllTextAsync(file)).Trim();
                newest = await client.GetFromJsonAsync<RunProgress>(
                    $"http://127.0.0.1:{port}{ProgressQuery.Path}",
                    ContractJson.Compact
                );
                if (newest is not null && isSo(newest))
                {
                    return newest;
                }
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                // It has not come so far.
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>The process of a rank.</summary>
    public static int OfRank(RunFolder run, string rank) =>
        Find(
                run,
                (words, variables) => !words.Contains("launch") && variables.Contains($"{EnvironmentNames.Rank}={rank}")
            )
            .First();

    /// <summary>The parent of a process: of a rank, the first process of its pod.</summary>
    public static int ParentOf(int pid)
    {
        const string field = "PPid:";
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return int.Parse(line[field.Length..].Trim());
    }

    private static IEnumerable<int> Find(RunFolder run, Func<string[], string[], bool> isWanted)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid))
            {
                continue;
            }

            bool isFound;
            try
            {
                var words = File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0');
                var variables = File.ReadAllText(Path.Combine(folder, "environ")).Split('\0');
                isFound =
                    words.Contains("train")
                    && words.Any(w => w.StartsWith(run.State, StringComparison.Ordinal))
                    && isWanted(words, variables);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The process ended while we looked, or is not ours.
                continue;
            }

            if (isFound)
            {
                yield return pid;
            }
        }
    }
}
