using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>Prometheus' own checker of rules.</summary>
internal static class PromTool
{
    private const string Program = "/usr/bin/promtool";

    /// <summary>Runs it in a folder of its own over copies of files.</summary>
    public static async Task<ProgramResult> RunAsync(IEnumerable<string> files, params string[] arguments)
    {
        if (!File.Exists(Program))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "promtool is missing: run make test");
            Assert.Skip("promtool is missing: install the package prometheus");
        }

        var folder = Directory.CreateTempSubdirectory("codeparrot-rules-").FullName;
        try
        {
            foreach (var file in files)
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }

            return await Programs.RunAsync(Program, arguments, folder: folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
