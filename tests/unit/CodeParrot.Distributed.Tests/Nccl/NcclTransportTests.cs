using CodeParrot.Distributed.Nccl;

namespace CodeParrot.Distributed.Tests.Nccl;

public sealed class NcclTransportTests
{
    // As NCCL 2.18 to 2.27 writes them.
    private static readonly string[] Log =
    [
        "pod-0:41:62 [0] NCCL INFO NET/Socket : Using [0]eth0:10.0.0.7<0>",
        "pod-0:41:62 [0] NCCL INFO Channel 00/0 : 0[0] -> 1[1] via P2P/CUMEM/read",
        "pod-0:41:62 [0] NCCL INFO Channel 01/0 : 0[0] -> 1[1] via P2P/CUMEM/read",
        "pod-0:41:62 [0] NCCL INFO Channel 00/0 : 3[1] -> 0[0] [receive] via NET/Socket/0",
        "pod-0:41:62 [0] NCCL INFO Channel 00 : 2[2] -> 3[3] via SHM/direct/direct",
        "pod-0:41:62 [0] NCCL INFO Connected all rings",
    ];

    [Fact]
    public void Each_way_is_named_once_the_slowest_first() =>
        Assert.Equal("nccl: NET/Socket, SHM, P2P", NcclTransport.Of(Log));

    [Fact]
    public void Infiniband_is_told_from_sockets() =>
        Assert.Equal(
            "nccl: NET/IB",
            NcclTransport.Of(["x NCCL INFO Channel 02/0 : 1[0] -> 0[0] [send] via NET/IB/1/GDRDMA"])
        );

    [Fact]
    public void A_log_that_names_no_way_says_no_more_than_nccl()
    {
        Assert.Equal("nccl", NcclTransport.Of(Log[..1]));
        Assert.Equal("nccl", NcclTransport.OfFile(null));
        Assert.Equal("nccl", NcclTransport.OfFile(Path.Combine(Path.GetTempPath(), "no-such-log")));
    }
}
