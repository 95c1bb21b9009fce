namespace CodeParrot.Distributed.Tests.Nccl;

/// <summary>Something that waits in a stream.</summary>
/// <param name="CanRun">Whether it may run once it is at the head.</param>
/// <param name="Run">What it does.</param>
internal sealed record DeviceWork(Func<bool> CanRun, Action Run);
