using System.Diagnostics;

namespace CodeParrot.Benchmarks.Tokenizer;

/// <summary>Runs both sides in turn and prints seconds and peak memory of each process.</summary>
/// <param name="list">File that names the sources.</param>
/// <param name="work">Folder for what the runs write.</param>
/// <param name="oracle">Script of the Hugging Face side.</param>
/// <param name="vocabularySize">Ours; the Hugging Face binding for node always trains 30,000.</param>
internal sealed class Comparison(string list, string work, string oracle, int vocabularySize)
{
    private readonly List<Measurement> _measurements = [];

    /// <summary>Runs each process so often, ours and theirs alternating.</summary>
    public void Run(int runs)
    {
        string folder = Path.Combine(work, "tokenizer");
        string tokenizer = Path.Combine(folder, "tokenizer.json");
        string ourIds = Path.Combine(work, "ours.bin");
        string theirIds = Path.Combine(work, "theirs.bin");
        string threads = $"{Environment.ProcessorCount}";
        for (int run = 0; run < runs; run++)
        {
            Measure("train ours", Ours(["train", list, folder, $"{vocabularySize}", threads]));
            Measure("train Hugging Face", Theirs(["train", Path.Combine(work, "theirs.json"), list]));
            Measure("encode ours", Ours(["encode", list, folder, ourIds, threads]));
            Measure("encode Hugging Face", Theirs(["encode-files", tokenizer, list, theirIds]));
        }

        bool equal = File.ReadAllBytes(ourIds).AsSpan().SequenceEqual(File.ReadAllBytes(theirIds));
        Console.WriteLine($"ids: {new FileInfo(ourIds).Length / 2}, {(equal ? "equal" : "DIFFERENT")}");
        foreach (var group in _measurements.GroupBy(measurement => measurement.Name))
        {
            var median = new Measurement(
                group.Key,
                Median(group.Select(measurement => measurement.Seconds)),
                Median(group.Select(measurement => measurement.CpuSeconds)),
                Median(group.Select(measurement => measurement.PeakMib))
            );
            Console.WriteLine($"median {median}");
        }
    }

    private static ProcessStartInfo Ours(string[] arguments)
    {
        // Under `dotnet X.dll` the process is dotnet itself, and the first argument names the assembly.
        string[] command = Environment.GetCommandLineArgs();
        bool isHosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        return new ProcessStartInfo(
            Environment.ProcessPath!,
            [.. isHosted ? command[..1] : [], "tokenizer", .. arguments]
        );
    }

    private ProcessStartInfo Theirs(string[] arguments) => new("node", [oracle, .. arguments]);

    private void Measure(string name, ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{name} exited with {process.ExitCode}: {errors}");
        }

        double[] measured = [.. errors.Split("measured ")[^1].Trim().Split(' ').Select(double.Parse)];
        var measurement = new Measurement(name, seconds, measured[1] / 1e6, measured[0] / 1024);
        _measurements.Add(measurement);
        Console.WriteLine($"  {measurement}");
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
