using System.Diagnostics;
using System.Globalization;
using CodeParrot.Contract.Runtime;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Launch;

/// <summary>
/// One rank of the pod as a child process. Its standard input stays open: end of input tells it that we died.
/// </summary>
internal sealed class RankProcess : IDisposable
{
    /// <summary>Names the file that NCCL logs to.</summary>
    public const string NcclLogVariable = "NCCL_DEBUG_FILE";

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Lock _logLock = new();

    private RankProcess(int rank, RankFiles files, ProcessStartInfo start, Action<int, string> line)
    {
        Rank = rank;
        Files = files;
        _log = new StreamWriter(files.LogPath, append: true) { AutoFlush = true };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Relay(e.Data, line);
        _process.ErrorDataReceived += (_, e) => Relay(e.Data, line);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Rank { get; }

    public RankFiles Files { get; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a rank.</summary>
    /// <param name="environment">The pod's environment.</param>
    /// <param name="localRank">Index in the pod.</param>
    /// <param name="command">The stage's command line, for this same executable.</param>
    /// <param name="line">Takes every line that the rank prints.</param>
    public static RankProcess Start(
        PodEnvironment environment,
        int localRank,
        IReadOnlyList<string> command,
        Action<int, string> line
    )
    {
        var rank = (environment.PodIndex * environment.LocalWorldSize) + localRank;
        var files = new RankFiles(environment.WorkFolder, rank);
        files.Clear();
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(RankProcess).Assembly.Location);
        }

        foreach (var word in command)
        {
            start.ArgumentList.Add(word);
        }

        start.Environment[EnvironmentNames.Rank] = rank.ToString(CultureInfo.InvariantCulture);
        start.Environment[EnvironmentNames.LocalRank] = localRank.ToString(CultureInfo.InvariantCulture);
        start.Environment[EnvironmentNames.TerminationLog] = files.TerminationPath;
        start.Environment[ParentLine.Variable] = "1";
        // Ranks of one machine share its cores: an idle OpenMP thread must sleep, not spin.
        start.Environment.TryAdd("OMP_WAIT_POLICY", "passive");
        start.Environment.TryAdd("GOMP_SPINCOUNT", "0");
        LogNccl(start, files);
        return new RankProcess(rank, files, start, line);
    }

    public Task WaitAsync(CancellationToken cancellationToken = default) =>
        _process.WaitForExitAsync(cancellationToken);

    public void Signal(Signal signal)
    {
        if (!_process.HasExited)
        {
            ProcessSignals.Send(_process.Id, signal);
        }
    }

    /// <summary>Tells the rank of a request for a checkpoint.</summary>
    /// <returns>False for a rank that has ended.</returns>
    public bool Request(string nonce)
    {
        try
        {
            _process.StandardInput.WriteLine(ParentLine.Format(nonce));
            _process.StandardInput.Flush();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        lock (_logLock)
        {
            _log.Dispose();
        }
    }

    // NCCL says nowhere else which way it took. Whoever asks it for more gets its log where they want it.
    private static void LogNccl(ProcessStartInfo start, RankFiles files)
    {
        if (start.Environment.TryAdd("NCCL_DEBUG", "INFO"))
        {
            start.Environment.TryAdd("NCCL_DEBUG_SUBSYS", "INIT");
            start.Environment.TryAdd(NcclLogVariable, files.NcclLogPath);
        }
    }

    private void Relay(string? text, Action<int, string> line)
    {
        if (text is null)
        {
            return;
        }

        lock (_logLock)
        {
            _log.WriteLine(text);
        }

        line(Rank, text);
    }
}
