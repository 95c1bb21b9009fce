using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Xml.Linq;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>The chart as an archive.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-package-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_same_files_give_the_same_archive()
    {
        var first = await PackAsync("first");
        var touched = Path.Combine(Helm.Chart, "values.yaml");
        var written = File.GetLastWriteTimeUtc(touched);
        File.SetLastWriteTimeUtc(touched, written.AddYears(-20));
        var second = await PackAsync("second");
        File.SetLastWriteTimeUtc(touched, written);

        Assert.Equal(SHA256.HashData(File.ReadAllBytes(first)), SHA256.HashData(File.ReadAllBytes(second)));
    }

    [Fact]
    public async Task The_archive_holds_the_chart_and_renders_as_it_does()
    {
        var archive = await PackAsync("archive");
        await using var file = File.OpenRead(archive);
        await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(unzipped, _folder, false, TestContext.Current.CancellationToken);

        var unpacked = Path.Combine(_folder, "codeparrot");

        Assert.Equal(Files(Helm.Chart), Files(unpacked));
        Assert.All(
            Files(Helm.Chart),
            f =>
                Assert.Equal(File.ReadAllText(Path.Combine(Helm.Chart, f)), File.ReadAllText(Path.Combine(unpacked, f)))
        );
    }

    [Fact]
    public async Task Chart_images_and_programs_are_of_one_version()
    {
        var product = XDocument
            .Load(Path.Combine(Programs.Root, "Directory.Build.props"))
            .Descendants("Version")
            .Single()
            .Value;
        var chart = Assert.Single(
            await Helm.ReadAsync(
                await File.ReadAllTextAsync(
                    Path.Combine(Helm.Chart, "Chart.yaml"),
                    TestContext.Current.CancellationToken
                )
            )
        );

        Assert.Equal(product, (string)chart["version"]!);
        Assert.Equal(product, (string)chart["appVersion"]!);
    }

    private async Task<string> PackAsync(string name)
    {
        await Helm.RendererAsync();
        var script = Path.Combine(Programs.Root, "charts", "package.sh");
        var packed = await Programs.RunAsync("bash", [script, Path.Combine(_folder, name)]);
        Assert.True(packed.ExitCode == 0, packed.ToString());
        Assert.EndsWith("/codeparrot-0.1.0.tgz\n", packed.Output, StringComparison.Ordinal);
        return packed.Output.Trim();
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(folder, f))
            .Order(StringComparer.Ordinal);
}
