using System.Text.RegularExpressions;

namespace CodeParrot.Distributed.Nccl;

/// <summary>
/// Which ways NCCL chose between ranks, from the lines that it logs for each channel:
/// <c>Channel 00/0 : 0[0] -&gt; 1[0] via NET/Socket/0</c>.
/// </summary>
public static partial class NcclTransport
{
    /// <summary>What is said while the ways are not known.</summary>
    public const string Unknown = "nccl";

    // The slowest first: it is what a person looks for.
    private static readonly string[] Slowest = ["NET/Socket", "NET", "SHM", "P2P"];

    /// <summary>Sums up a log, for example <c>nccl: NET/Socket, P2P</c>; <see cref="Unknown"/> if it names no
    /// way.</summary>
    public static string Of(IEnumerable<string> lines)
    {
        var ways = lines
            .Select(line => Way().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups["way"].Value)
            .Distinct(StringComparer.Ordinal)
            .OrderBy(way => Array.FindIndex(Slowest, slow => way.StartsWith(slow, StringComparison.Ordinal)))
            .ThenBy(way => way, StringComparer.Ordinal)
            .ToList();
        return ways.Count == 0 ? Unknown : $"{Unknown}: {string.Join(", ", ways)}";
    }

    /// <summary>Sums up a log file, which NCCL may still be writing; <see cref="Unknown"/> if there is none.</summary>
    public static string OfFile(string? path)
    {
        if (path is null || !File.Exists(path))
        {
            return Unknown;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return Of(reader.ReadToEnd().Split('\n'));
    }

    [GeneratedRegex(
        @"Channel .* via (?<way>P2P|SHM|NET/[A-Za-z]+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Way();
}
