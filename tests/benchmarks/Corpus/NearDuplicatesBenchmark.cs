using System.Globalization;
using System.Text;
using CodeParrot.Corpus.Dedup;

namespace CodeParrot.Benchmarks.Corpus;

/// <summary>
/// Sketches of real Python on one thread against <see cref="PlainMinHash"/>, whole builds with and without near
/// duplicates, and which of the pairs that comparing all with all finds the bands find. Processor time, as the machine
/// is shared; the two kinds of sketches alternate.
/// </summary>
public static class NearDuplicatesBenchmark
{
    /// <summary>
    /// <c>[--sources DIR]… [--documents N] [--rounds N] [--pairs-of N]</c>, or <c>--scale N</c> for so many made-up
    /// sketches.
    /// </summary>
    /// <returns>0.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (Number(args, "--scale", 0) is > 0 and var scale)
        {
            ScaleFigures.Print(scale);
            return 0;
        }

        var sources = Values(args, "--sources").DefaultIfEmpty("/usr/lib").ToArray();
        var most = Number(args, "--documents", 20_000);
        var texts = PythonTexts.Read(sources).Take(most).ToList();
        var bytes = texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text));
        Console.WriteLine(
            (
                $"{texts.Count} distinct documents, {bytes / 1e6:F1} MB, load "
                + $"{File.ReadAllText("/proc/loadavg").Split(' ')[0]}"
            )
        );
        CompareSketches(texts, bytes, Number(args, "--rounds", 3));
        foreach (var similarity in new[] { 0.7, 0.85 })
        {
            RecallFigures.Print(texts.Take(Number(args, "--pairs-of", 8_000)).ToList(), similarity);
        }

        foreach (var source in sources)
        {
            await BuildFigures.PrintAsync(source);
        }

        return 0;
    }

    private static void CompareSketches(List<string> texts, long bytes, int rounds)
    {
        var sketcher = new NearSketcher(new NearDuplicateOptions());
        var plain = new PlainMinHash(256);
        var sample = texts.Where((_, i) => i % 20 == 0).ToList();
        var sampleBytes = sample.Sum(text => (long)Encoding.UTF8.GetByteCount(text));
        var (ours, theirs, tokens) = (new List<double>(), new List<double>(), 0L);
        for (var round = 0; round < rounds; round++)
        {
            tokens = 0;
            ours.Add(Seconds(() => tokens = texts.Sum(text => sketcher.Sketch(text)?.Tokens.Length ?? 0)));
            theirs.Add(Seconds(() => sample.ForEach(text => Sketch(plain, text))));
        }

        var (mine, other) = (ours.Order().ElementAt(rounds / 2), theirs.Order().ElementAt(rounds / 2));
        Console.WriteLine(($"distinct tokens a document: {(double)tokens / texts.Count:F0} in the mean"));
        Report("sketches, ours", texts.Count, bytes, mine);
        Report("sketches, plain MinHash", sample.Count, sampleBytes, other);
        Console.WriteLine(($"ratio {other / sampleBytes * bytes / mine:F0} x"));
    }

    private static void Sketch(PlainMinHash plain, string text)
    {
        if (PlainMinHash.TokensOf(text) is { } tokens)
        {
            plain.Compute(tokens);
        }
    }

    private static void Report(string name, int documents, long bytes, double seconds) =>
        Console.WriteLine(
            ($"{name, -24} {documents / seconds, 9:F0} documents/s {bytes / seconds / 1e6, 8:F1} MB/s of one thread")
        );

    /// <summary>Processor seconds of the calling process.</summary>
    internal static double Seconds(Action action)
    {
        var before = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    internal static IEnumerable<string> Values(string[] args, string name) =>
        args.Zip(args.Skip(1)).Where(pair => pair.First == name).Select(pair => pair.Second);

    private static int Number(string[] args, string name, int otherwise) =>
        Values(args, name).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).FirstOrDefault(otherwise);
}
