using System.Globalization;
using CodeParrot.Simulation.Tests.Runs;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace CodeParrot.Simulation.Tests;

/// <summary>
/// The tests' entry point: xunit's own, and <c>replay SEED</c>, <c>search FROM COUNT</c> and <c>bugs COUNT</c> for
/// people.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["replay", var seed, .. var bug]:
                return SeedSearch.Replay(Number(seed), bug.FirstOrDefault() ?? "", Console.Out);
            case ["search", var from, var count, .. var bug]:
                return SeedSearch.Search(Number(from), Number(count), bug.FirstOrDefault() ?? "", Console.Out);
            case ["bugs", var count]:
                return SeedSearch.FindBugs(Number(count), Console.Out);
            default:
                return args.Contains("--server") || args.Contains("--internal-msbuild-node")
                    ? await TestPlatformTestFramework.RunAsync(
                        args,
                        SelfRegisteredExtensions.AddSelfRegisteredExtensions
                    )
                    : await ConsoleRunner.Run(args);
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
