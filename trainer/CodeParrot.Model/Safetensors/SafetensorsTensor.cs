using TorchSharp;

namespace CodeParrot.Model.Safetensors;

/// <summary>What a file's header says of one tensor.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Shape, row-major.</param>
/// <param name="Position">First byte of its data in the file.</param>
/// <param name="Bytes">Size of its data.</param>
public sealed record SafetensorsTensor(
    string Name,
    torch.ScalarType Type,
    IReadOnlyList<long> Shape,
    long Position,
    long Bytes
);
