using CodeParrot.Contract.Runtime;
using CodeParrot.Model.Native;

namespace CodeParrot.Trainer.Hosting;

/// <summary>Makes the process ready to compute, before its first matrix product.</summary>
internal static class FastProducts
{
    /// <summary>Switches MKL's fast path on where it is not by itself, unless the environment says no.</summary>
    public static void Prepare(PodEnvironment environment, Action<string> say)
    {
        if (environment.MklFastPath && MklFastPath.Enable())
        {
            say($"MKL takes its fast path on this AMD processor ({EnvironmentNames.MklFastPath}=0 switches it off)");
        }
    }
}
