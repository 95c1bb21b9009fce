using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using CodeParrot.Model;
using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Benchmarks.Model;

/// <summary>
/// The same step in PyTorch, in a process of its own that takes its steps when it is told to; where
/// <c>python3-torch</c> is installed.
/// </summary>
internal sealed class PyTorchPeer : IDisposable
{
    // Not whichever comes first in PATH: the distribution's packages are the distribution's interpreter's.
    private const string Python = "/usr/bin/python3";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("codeparrot-peer-");
    private readonly Process _process;

    /// <summary>Starts it with the weights of a model and a batch.</summary>
    public PyTorchPeer(Gpt2 model, torch.Tensor ids_BT)
    {
        var config = model.Config;
        var asked = new
        {
            layers = config.Layers,
            heads = config.Heads,
            batch = ids_BT.shape[0],
            time = ids_BT.shape[1],
            weights = Write<float>("weights", model.Parameters),
            ids = Write<long>("ids", ids_BT),
            slots = model.Layout.Select(s => new
            {
                name = s.Name,
                offset = s.Offset,
                count = s.Count,
                shape = s.Shape,
                decayed = s.Decayed,
            }),
        };
        _process = Process.Start(StartInfo(Script, JsonSerializer.Serialize(asked)))!;
    }

    /// <summary>Version of the PyTorch that is installed; null for none.</summary>
    public static string? FindVersion()
    {
        if (!File.Exists(Python))
        {
            return null;
        }

        var start = StartInfo("-c", "import torch; print(torch.__version__)");
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        // That there is no such module is no news to anybody.
        process.BeginErrorReadLine();
        var version = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? version : null;
    }

    /// <summary>Does a step.</summary>
    public StepFigures Step()
    {
        _process.StandardInput.WriteLine();
        var answer = _process.StandardOutput.ReadLine();
        return answer is null
            ? throw new InvalidOperationException("PyTorch's process ended; its output says why")
            : JsonSerializer.Deserialize<StepFigures>(answer, JsonSerializerOptions.Web)!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Script => Path.Combine(AppContext.BaseDirectory, "Model", "pytorch_step.py");

    private static ProcessStartInfo StartInfo(params ReadOnlySpan<string> words)
    {
        var start = new ProcessStartInfo(Python)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        // Its products are to run on one thread too, whichever library computes them.
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        if (Avx512F.IsSupported)
        {
            // Debian's OpenBLAS takes a processor that it does not know for one of long ago, at a quarter of its speed.
            start.Environment["OPENBLAS_CORETYPE"] = "SKYLAKEX";
        }

        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        return start;
    }

    private string Write<T>(string name, torch.Tensor values)
        where T : unmanaged
    {
        var path = Path.Combine(_folder.FullName, name);
        using var file = File.Create(path);
        file.Write(MemoryMarshal.AsBytes(LibTorch.Span<T>(values, 0, (int)values.numel())));
        return path;
    }
}
