using CodeParrot.Model.HuggingFace;

namespace CodeParrot.Model.Safetensors;

/// <summary>A file is not a well-formed safetensors file, or lacks a tensor.</summary>
public sealed class SafetensorsException(string file, string? tensor, string problem, Exception? cause = null)
    : ModelFileException(file, tensor is null ? problem : $"tensor {tensor}: {problem}", cause)
{
    /// <summary>The tensor concerned, or null if the header itself is at fault.</summary>
    public string? Tensor { get; } = tensor;
}
