namespace CodeParrot.Distributed.Native;

/// <summary><c>ncclRedOp_t</c>, as far as it is used.</summary>
internal enum NcclReduction
{
    Sum = 0,
}
