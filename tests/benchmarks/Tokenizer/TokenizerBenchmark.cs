using System.Globalization;

namespace CodeParrot.Benchmarks.Tokenizer;

/// <summary>
/// Whole processes against whole processes: training a vocabulary on real Python and encoding it, here and in the
/// Hugging Face tokenizers. tests/benchmarks/Tokenizer/run.sh gathers the sources and starts it.
/// </summary>
public static class TokenizerBenchmark
{
    private const string Usage = """
        tokenizer compare --sources DIR --work DIR --oracle oracle.js [--bytes N] [--runs N] [--vocabulary N]
        tokenizer train LIST DIR VOCABULARY THREADS
        tokenizer encode LIST DIR OUT THREADS
        """;

    /// <summary>Runs a command of the benchmark; a leading "tokenizer" is skipped.</summary>
    /// <returns>0, or 2 for arguments that make no sense.</returns>
    public static int Run(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        string[] rest = args is ["tokenizer", ..] ? args[1..] : args;
        switch (rest)
        {
            case ["compare", .. var options] when Option(options, "--sources") is not null:
                Compare(options);
                return 0;
            case ["train", var list, var folder, var vocabulary, var threads]:
                TokenizerWork.Train(list, folder, Number(vocabulary), Number(threads));
                return 0;
            case ["encode", var list, var folder, var output, var threads]:
                TokenizerWork.Encode(list, folder, output, Number(threads));
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static void Compare(string[] options)
    {
        string work = Option(options, "--work") ?? Path.Combine(Path.GetTempPath(), "codeparrot-tokenizer");
        Directory.CreateDirectory(work);
        string list = Path.Combine(work, "files.txt");
        long bytes = Number(Option(options, "--bytes") ?? "150000000");
        PythonSources.Gather(Option(options, "--sources")!, bytes, list);
        new Comparison(
            list,
            work,
            Option(options, "--oracle") ?? "tests/parity/oracle/oracle.js",
            Number(Option(options, "--vocabulary") ?? "32768")
        ).Run(Number(Option(options, "--runs") ?? "3"));
    }

    private static string? Option(string[] options, string name)
    {
        int index = Array.IndexOf(options, name);
        return index >= 0 && index + 1 < options.Length ? options[index + 1] : null;
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
