using System.Globalization;
using System.Text.Json;
using CodeParrot.Api.Resources;
using CodeParrot.Cli.State;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Cli.Pods;

/// <summary>The files of one pod.</summary>
internal sealed class PodFolder(string path)
{
    /// <summary>The folder.</summary>
    public string Root { get; } = path;

    /// <summary>What the pod prints.</summary>
    public string StdoutFile => Path.Combine(Root, "stdout.log");

    /// <summary>What the pod complains about.</summary>
    public string StderrFile => Path.Combine(Root, "stderr.log");

    /// <summary>Scratch files and the logs of single ranks.</summary>
    public string WorkFolder => Path.Combine(Root, "work");

    /// <summary>The termination message.</summary>
    public string TerminationFile => Path.Combine(Root, "termination.json");

    /// <summary>The port that /progress is served on.</summary>
    public string HttpPortFile => Path.Combine(Root, "http-port");

    private string RecordFile => Path.Combine(Root, "pod.json");

    /// <summary>Every pod below a folder.</summary>
    public static IEnumerable<PodFolder> List(string pods) =>
        Directory.Exists(pods)
            ? Directory.EnumerateDirectories(pods).Order(StringComparer.Ordinal).Select(d => new PodFolder(d))
            : [];

    /// <summary>The record, or null where none was written.</summary>
    public PodRecord? Read() =>
        AtomicFile.Read(RecordFile) is { } text ? JsonSerializer.Deserialize<PodRecord>(text, ApiJson.Compact) : null;

    /// <summary>Writes the record.</summary>
    public void Write(PodRecord record) =>
        AtomicFile.Write(RecordFile, JsonSerializer.Serialize(record, ApiJson.Indented) + "\n");

    /// <summary>The exit code that the pod's shell wrote, or null while there is none.</summary>
    public int? ExitCode() => Number("exit");

    /// <summary>The process id that the pod's shell wrote, or null while there is none.</summary>
    public int? ProcessId() => Number("pid");

    /// <summary>The port of /progress, or null while there is none.</summary>
    public int? HttpPort() => Number(Path.GetFileName(HttpPortFile));

    /// <summary>The termination message, or null where there is none that can be read.</summary>
    public TerminationMessage? Termination()
    {
        try
        {
            return AtomicFile.Read(TerminationFile) is { } text
                ? JsonSerializer.Deserialize<TerminationMessage>(text, ContractJson.Compact)
                : null;
        }
        catch (JsonException)
        {
            // A pod that was killed while it wrote: its exit code is all that it said.
            return null;
        }
    }

    private int? Number(string file) =>
        int.TryParse(
            AtomicFile.Read(Path.Combine(Root, file)),
            NumberStyles.Integer,
            CultureInfo.InvariantCulture,
            out var n
        )
            ? n
            : null;
}
