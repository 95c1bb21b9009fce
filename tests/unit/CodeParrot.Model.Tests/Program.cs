using CodeParrot.Model.Tests.Memory;
using CodeParrot.Model.Tests.Native;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace CodeParrot.Model.Tests;

/// <summary>The tests' entry point: xunit's own, and the processes that some tests need.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case [ProbeProcess.Memory, .. var rest]:
                return MemoryProbe.Run(rest);
            case [ProbeProcess.Mkl]:
                return MklFastPathTests.Run();
        }

        return args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }
}
