namespace CodeParrot.Distributed.Native;

/// <summary>Readiness bits of poll(2), the same numbers on Linux and macOS.</summary>
[Flags]
internal enum PollEvents : short
{
    None = 0,
    Readable = 0x01,
    Writable = 0x04,
    Error = 0x08,
    HangUp = 0x10,
    Invalid = 0x20,
}
