namespace CodeParrot.Distributed.Native;

/// <summary><c>ncclDataType_t</c>, as far as it is used.</summary>
internal enum NcclDataType
{
    UInt8 = 1,
    Float32 = 7,
}
