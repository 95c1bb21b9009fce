using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CodeParrot.Corpus.Secrets;

namespace CodeParrot.Benchmarks.Corpus;

/// <summary>
/// The search for secrets in real Python: counts by kind, speed on one thread beside plain regular expressions for the
/// same kinds, and, to be looked at by hand, what was found with the line around it.
/// </summary>
public static partial class SecretsBenchmark
{
    /// <summary>
    /// <c>[--sources DIR]… [--show KIND]… [--write DIR]</c>: shows each find of a kind once; writes texts with
    /// a secret before and after redaction, to be parsed.
    /// </summary>
    /// <returns>0.</returns>
    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var sources = NearDuplicatesBenchmark.Values(args, "--sources").DefaultIfEmpty("/usr/lib").ToArray();
        var texts = PythonTexts.Read(sources).ToList();
        var bytes = texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text));
        var counts = new SortedDictionary<SecretKind, int>();
        var documents = 0;
        var seconds = NearDuplicatesBenchmark.Seconds(() => (counts, documents) = Count(texts));
        var matches = 0;
        var plain = NearDuplicatesBenchmark.Seconds(() => matches = texts.Sum(CountPlainly));
        Console.WriteLine($"{texts.Count} documents, {bytes / 1e6:F1} MB; secrets in {documents}:");
        foreach (var (kind, count) in counts)
        {
            Console.WriteLine($"  {kind, -12} {count, 6}");
        }

        Console.WriteLine($"ours   {bytes / seconds / 1e6, 7:F0} MB/s of one thread");
        Console.WriteLine(
            $"plain  {bytes / plain / 1e6, 7:F0} MB/s of one thread (five regular expressions, {matches} matches)"
        );
        foreach (var kind in NearDuplicatesBenchmark.Values(args, "--show"))
        {
            Show(texts, Enum.Parse<SecretKind>(kind));
        }

        foreach (var folder in NearDuplicatesBenchmark.Values(args, "--write"))
        {
            Write(texts, folder);
        }

        return 0;
    }

    private static (SortedDictionary<SecretKind, int> Counts, int Documents) Count(List<string> texts)
    {
        var counts = new SortedDictionary<SecretKind, int>();
        var documents = 0;
        foreach (var secrets in texts.Select(text => SecretFinder.Find(text)))
        {
            documents += secrets.Count > 0 ? 1 : 0;
            foreach (var secret in secrets.Where(secret => !secret.IsRest))
            {
                counts[secret.Kind] = counts.GetValueOrDefault(secret.Kind) + 1;
            }
        }

        return (counts, documents);
    }

    private static void Show(List<string> texts, SecretKind kind)
    {
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            foreach (var secret in SecretFinder.Find(text).Where(secret => secret.Kind == kind && !secret.IsRest))
            {
                var found = text.Substring(secret.Start, secret.Length);
                if (shown.Add(found))
                {
                    var line = TextContext.LineAround(text, secret.Start).ToString().Trim();
                    Console.WriteLine($"{kind}\t{found}\t{line}");
                }
            }
        }
    }

    private static void Write(List<string> texts, string folder)
    {
        Directory.CreateDirectory(folder);
        var number = 0;
        foreach (var text in texts)
        {
            var secrets = SecretFinder.Find(text);
            if (secrets.Count > 0)
            {
                File.WriteAllText(Path.Combine(folder, $"{number}-before.py"), text);
                File.WriteAllText(Path.Combine(folder, $"{number++}-after.py"), SecretRedactor.Redact(text, secrets));
            }
        }
    }

    private static int CountPlainly(string text) =>
        Email().Count(text) + Ip4().Count(text) + Ip6().Count(text) + Key().Count(text) + Quoted().Count(text);

    [GeneratedRegex(@"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\b")]
    private static partial Regex Email();

    [GeneratedRegex(@"\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b")]
    private static partial Regex Ip4();

    [GeneratedRegex(@"\b(?:[0-9a-fA-F]{1,4}:){2,7}(?::|[0-9a-fA-F]{1,4})(?::[0-9a-fA-F]{1,4})*\b")]
    private static partial Regex Ip6();

    [GeneratedRegex(
        @"\b(?:AKIA[A-Z0-9]{16}|gh[pousr]_\w{36}|xox[abprs]-[\w-]{20,}|AIza[\w-]{35}|eyJ[\w-]+\.[\w-]+\.[\w-]+)\b"
    )]
    private static partial Regex Key();

    [GeneratedRegex(@"[""'][A-Za-z0-9+/=_-]{16,}[""']")]
    private static partial Regex Quoted();
}
