using CodeParrot.Training.Tests.Runs;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace CodeParrot.Training.Tests;

/// <summary>The tests' entry point: xunit's own, and one rank of a run for the tests that need processes.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is [RankProcess.Command, .. var rest])
        {
            return RankProcess.Run(rest);
        }
        if (args is [ReplacedProcess.Command, .. var replaced])
        {
            return ReplacedProcess.Run(replaced);
        }
        if (args is [StarvedRank.Command, var folder])
        {
            return StarvedRank.Run(folder);
        }
        return args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }
}
