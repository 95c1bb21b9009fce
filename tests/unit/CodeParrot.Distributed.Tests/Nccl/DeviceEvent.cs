namespace CodeParrot.Distributed.Tests.Nccl;

/// <summary>An event: how often it was recorded, and up to which record its stream has come.</summary>
internal sealed class DeviceEvent
{
    public long Recorded { get; set; }

    public long Reached { get; set; }
}
