using System.Runtime.CompilerServices;
using TorchSharp;

namespace CodeParrot.Model.Tests;

/// <summary>
/// One torch thread for all tests: with models this small a second one only spins, and on a loaded machine the suite
/// took ten times as long for it.
/// </summary>
internal static class SingleThread
{
    [ModuleInitializer]
    public static void Set() => torch.set_num_threads(1);
}
