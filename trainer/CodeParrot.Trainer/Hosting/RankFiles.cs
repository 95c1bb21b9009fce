using System.Text.Json;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Trainer.Hosting;

/// <summary>
/// The files by which a rank speaks to its pod's first process: its progress, and its termination message. Each is
/// replaced as a whole, so that a reader never sees half of one.
/// </summary>
internal sealed class RankFiles(string workFolder, int rank)
{
    public string ProgressPath { get; } = Path.Combine(workFolder, $"rank-{rank}.progress.json");

    public string TerminationPath { get; } = Path.Combine(workFolder, $"rank-{rank}.termination.json");

    public string LogPath { get; } = Path.Combine(workFolder, $"rank-{rank}.log");

    public string NcclLogPath { get; } = Path.Combine(workFolder, $"rank-{rank}.nccl.log");

    public void Write(RunProgress progress) =>
        Replace(ProgressPath, JsonSerializer.Serialize(progress, ContractJson.Compact));

    public RunProgress? ReadProgress() => Read<RunProgress>(ProgressPath);

    public TerminationMessage? ReadTermination() => Read<TerminationMessage>(TerminationPath);

    /// <summary>Forgets what an earlier life of this pod left.</summary>
    public void Clear()
    {
        Directory.CreateDirectory(workFolder);
        File.Delete(ProgressPath);
        File.Delete(TerminationPath);
        File.Delete(NcclLogPath);
    }

    public static void Replace(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = path + ".new";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }

    private static T? Read<T>(string path)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), ContractJson.Compact);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }
}
