using System.Text.Json.Nodes;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Build;

/// <summary>
/// What the build asks the registry for. The packages of the GPU build are half a gigabyte that no test restores, so
/// MSBuild is asked what it would reference.
/// </summary>
public sealed class TorchBackendTests
{
    // One with libtorch's packages, and one whose restore needs nothing that only a GPU build's registry has.
    private const string Model = "trainer/CodeParrot.Model/CodeParrot.Model.csproj";
    private const string Contract = "trainer/CodeParrot.Contract/CodeParrot.Contract.csproj";

    private static readonly string[] Backends = ["TorchSharp", "libtorch-cpu-linux-x64", "TorchSharp-cuda-linux"];

    [Theory]
    [InlineData("", "cpu", "TorchSharp", "libtorch-cpu-linux-x64")]
    [InlineData("-p:TorchBackend=cuda", "cuda", "TorchSharp-cuda-linux")]
    public async Task A_backend_references_its_own_packages(string argument, string backend, params string[] packages)
    {
        var answer = JsonNode.Parse(
            await MSBuildAsync(Model, argument, "-getItem:PackageReference", "-getItem:AssemblyMetadata")
        )!;

        var items = answer["Items"]!;
        var referenced = items["PackageReference"]!.AsArray().Select(i => $"{i!["Identity"]}").Intersect(Backends);
        var metadata = items["AssemblyMetadata"]!.AsArray().Single(i => $"{i!["Identity"]}" == "TorchBackend")!;
        Assert.Equal(packages.Order(), referenced.Order());
        Assert.Equal(backend, $"{metadata["Value"]}");
    }

    [Fact]
    public async Task The_gpu_build_restores_beside_the_locks_of_the_other()
    {
        var result = await Programs.RunAsync("dotnet", ["restore", Contract, "-p:TorchBackend=cuda", "-v:quiet"]);

        Assert.True(result.ExitCode == 0, $"{result}");
    }

    [Fact]
    public async Task A_backend_that_nobody_knows_ends_the_build_with_its_name()
    {
        var output = await MSBuildAsync(Model, "-p:TorchBackend=rocm", "-t:CollectPackageReferences");

        Assert.Contains("TorchBackend must be cpu or cuda, was 'rocm'", output, StringComparison.Ordinal);
    }

    private static async Task<string> MSBuildAsync(params string[] arguments)
    {
        string[] all = ["msbuild", "-nologo", .. arguments];
        return (await Programs.RunAsync("dotnet", all.Where(a => a.Length > 0))).Output;
    }
}
