using TorchSharp;

namespace CodeParrot.Model.Safetensors;

/// <summary>A tensor to write: contiguous host memory that stays alive until the stream over it is read.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Tensor">Its elements and shape; <see cref="SafetensorsTypes"/> lists the element types.</param>
public sealed record SafetensorsEntry(string Name, torch.Tensor Tensor);
