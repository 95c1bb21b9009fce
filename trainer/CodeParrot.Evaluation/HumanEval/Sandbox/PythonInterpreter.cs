using System.ComponentModel;
using System.Diagnostics;

namespace CodeParrot.Evaluation.HumanEval.Sandbox;

/// <summary>
/// Finds the interpreter itself: a name on the PATH may be a script that picks one by the environment.
/// </summary>
internal static class PythonInterpreter
{
    private const string Question = "import sys; print(sys.executable); print(sys.version_info[:2] >= (3, 8))";
    private const string Remedy =
        "install Python 3.8 or newer; in a cluster, build the image trainer-cpu-python or trainer-python and name it "
        + "in spec.stages.evaluate.template.image";

    /// <summary>The path of the interpreter.</summary>
    /// <exception cref="SandboxUnavailableException">There is none, or it is too old.</exception>
    public static async Task<string> FindAsync(string name, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(name, ["-I", "-c", Question])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var answer = (await process.StandardOutput.ReadToEndAsync(cancellationToken)).Split('\n');
            await process.WaitForExitAsync(cancellationToken);
            return answer switch
            {
                [{ Length: > 0 } path, "True", ..] => path,
                [_, "False", ..] => throw new SandboxUnavailableException($"{name} is too old: {Remedy}"),
                _ => throw new SandboxUnavailableException($"{name} does not work ({(await errors).Trim()}): {Remedy}"),
            };
        }
        catch (Win32Exception e)
        {
            throw new SandboxUnavailableException($"there is no {name} on the PATH: {Remedy}", e);
        }
    }
}
