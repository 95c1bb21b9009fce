using System.Runtime.InteropServices;
using System.Text;
using CodeParrot.Tokenizer;

namespace CodeParrot.Benchmarks.Tokenizer;

/// <summary>What one measured process of ours does.</summary>
internal static class TokenizerWork
{
    /// <summary>Trains on the listed files, each a document, and saves the tokenizer.</summary>
    public static void Train(string list, string folder, int vocabularySize, int threads)
    {
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = vocabularySize, Threads = threads });
        foreach (string document in Documents(list))
        {
            trainer.Add(document);
        }

        trainer.Train().Save(folder, 1024);
        PrintMeasured();
    }

    /// <summary>Writes the ids of the listed files, one behind the other, as 16-bit numbers.</summary>
    public static void Encode(string list, string folder, string output, int threads)
    {
        BpeTokenizer tokenizer = BpeTokenizer.Load(folder);
        using FileStream stream = File.Create(output);
        var packed = new List<ushort>();
        foreach (List<int> ids in ParallelEncoder.Encode(tokenizer, Documents(list), threads))
        {
            packed.Clear();
            packed.AddRange(ids.Select(id => (ushort)id));
            stream.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(packed)));
        }

        PrintMeasured();
    }

    /// <summary>Texts of files. A byte order mark is part of the text, as it is for node.</summary>
    private static IEnumerable<string> Documents(string list) =>
        File.ReadLines(list).Select(path => Encoding.UTF8.GetString(File.ReadAllBytes(path)));

    private static void PrintMeasured()
    {
        string line = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        string peakKib = line.Split(' ', '\t').First(part => part.Length > 0 && char.IsDigit(part[0]));
        // Peak memory in KiB and processor time in microseconds, as the oracle's script prints them.
        Console.Error.WriteLine($"measured {peakKib} {Environment.CpuUsage.TotalTime.TotalMicroseconds:F0}");
    }
}
