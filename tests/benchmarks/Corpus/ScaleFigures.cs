using System.Diagnostics;
using CodeParrot.Corpus.Dedup;

namespace CodeParrot.Benchmarks.Corpus;

/// <summary>Joins made-up sketches by the million, of which a fifth are near copies of another one.</summary>
internal static class ScaleFigures
{
    private const int Tokens = 100;
    private const int CopyEvery = 5;

    /// <summary>Prints time and memory for so many documents.</summary>
    public static void Print(int documents)
    {
        var folder = Directory.CreateTempSubdirectory("codeparrot-near-");
        try
        {
            var sketcher = new NearSketcher(new NearDuplicateOptions());
            var banding = sketcher.Banding;
            var files = new SketchFiles(folder.FullName, banding.Bands);
            var seconds = NearDuplicatesBenchmark.Seconds(() => Write(files, sketcher, documents));
            Console.WriteLine($"{documents} made-up sketches of {Tokens} tokens written, {seconds:F1} s cpu");
            var begin = Stopwatch.GetTimestamp();
            NearDuplicateCounts? counts = null;
            var most = 0L;
            seconds = NearDuplicatesBenchmark.Seconds(() =>
            {
                using var reader = new SketchReader(files, documents);
                var finder = new NearDuplicateFinder(reader, 0.85);
                for (var band = 0; band < banding.Bands; band++)
                {
                    finder.AddBand(band, CancellationToken.None);
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
                }

                counts = finder.Count(banding);
            });
            Console.WriteLine(
                $"joined in {Stopwatch.GetElapsedTime(begin).TotalSeconds:F1} s, {seconds:F1} s cpu, at most "
                    + $"{(double)most / documents:F1} bytes of managed memory a document; files of "
                    + $"{folder.EnumerateFiles().Sum(file => file.Length) / 1e6:F0} MB; {counts}"
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Write(SketchFiles files, NearSketcher sketcher, int documents)
    {
        using var writer = new SketchWriter(files);
        var random = new Random(1);
        var tokens = new uint[Tokens];
        for (var i = 0; i < documents; i++)
        {
            // A copy has two other tokens than the document before it.
            var fresh = i % CopyEvery == CopyEvery - 1 ? 2 : Tokens;
            for (var j = 0; j < fresh; j++)
            {
                tokens[fresh == Tokens ? j : random.Next(Tokens)] = (uint)random.NextInt64(1, uint.MaxValue);
            }

            uint[] set = [.. tokens.Distinct().Order()];
            writer.Add(sketcher.Sketch(set));
        }

        writer.Complete();
    }
}
