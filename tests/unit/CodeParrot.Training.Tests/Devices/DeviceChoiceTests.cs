using CodeParrot.Contract.Manifest;
using CodeParrot.Training.Devices;

namespace CodeParrot.Training.Tests.Devices;

public sealed class DeviceChoiceTests
{
    private static readonly DeviceFacts Pod = new()
    {
        IsCudaBuild = true,
        VisibleDevices = 4,
        LocalWorldSize = 4,
    };

    [Fact]
    public void In_a_pod_that_sees_its_own_gpus_a_rank_takes_that_of_its_local_rank()
    {
        int?[] devices =
        [
            .. Enumerable.Range(4, 4).Select(rank => DeviceChoice.Of(Pod with { Rank = rank }).CudaDevice),
        ];

        Assert.Equal([0, 1, 2, 3], devices);
    }

    [Fact]
    public void Pods_that_are_processes_of_one_machine_take_different_gpus()
    {
        var local = Pod with { LocalWorldSize = 1 };

        int?[] devices =
        [
            .. Enumerable.Range(0, 3).Select(rank => DeviceChoice.Of(local with { Rank = rank }).CudaDevice),
        ];

        Assert.Equal([0, 1, 2], devices);
    }

    [Fact]
    public void The_cpu_build_computes_on_the_cpu_and_warns_where_gpus_were_asked_for()
    {
        var cpu = new DeviceFacts { IsCudaBuild = false, VisibleDevices = 0 };

        Assert.Equal(new DeviceChoice(CudaDevice: null), DeviceChoice.Of(cpu));
        var warning = DeviceChoice.Of(cpu with { RequestsGpus = true }).Warning;
        Assert.Contains("use the GPU image, or build with -p:TorchBackend=cuda", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_may_ask_for_the_cpu()
    {
        Assert.Null(DeviceChoice.Of(Pod with { Override = "cpu", RequestsGpus = true }).CudaDevice);
    }

    [Fact]
    public void The_gpu_build_without_gpus_trains_on_the_cpu_unless_they_were_asked_for()
    {
        var bare = Pod with { VisibleDevices = 0, LocalWorldSize = 1 };

        Assert.Null(DeviceChoice.Of(bare).CudaDevice);
        Assert.NotNull(DeviceChoice.Of(bare).Warning);
        Refused(bare with { RequestsGpus = true }, "spec.workers.resources.limits[nvidia.com/gpu]", "device plugin");
        Refused(bare with { Override = "cuda" }, "CODEPARROT_DEVICE", "CODEPARROT_DEVICE=cpu");
    }

    [Fact]
    public void More_ranks_than_gpus_are_a_mistake_with_both_numbers()
    {
        Refused(
            Pod with
            {
                VisibleDevices = 2,
            },
            "spec.workers.gpusPerPod",
            "at most the GPUs that the pod sees (2), was 4"
        );
    }

    [Theory]
    [InlineData("gpu", "must be cpu or cuda, was 'gpu'")]
    [InlineData("cuda", "use the GPU image")]
    public void An_override_that_cannot_be_followed_says_why(string given, string expected)
    {
        var facts = new DeviceFacts
        {
            IsCudaBuild = false,
            VisibleDevices = 0,
            Override = given,
        };

        Refused(facts, "CODEPARROT_DEVICE", expected);
    }

    [Fact]
    public void This_build_knows_which_one_it_is()
    {
        Assert.False(TorchBuild.IsCuda);
        Assert.Equal(0, TorchBuild.VisibleDevices);
    }

    private static void Refused(DeviceFacts facts, string path, string remedy)
    {
        var mistake = Assert.Single(Assert.Throws<ManifestException>(() => DeviceChoice.Of(facts)).Mistakes);
        Assert.Equal(path, mistake.Path);
        Assert.Contains(remedy, mistake.Message, StringComparison.Ordinal);
    }
}
