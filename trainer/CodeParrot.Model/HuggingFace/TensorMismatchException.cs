namespace CodeParrot.Model.HuggingFace;

/// <summary>A tensor of a model file has not the shape that the model's configuration demands.</summary>
public sealed class TensorMismatchException(
    string file,
    string tensor,
    IReadOnlyList<long> expected,
    IReadOnlyList<long> actual
)
    : ModelFileException(
        file,
        $"tensor {tensor}: expected shape [{string.Join(", ", expected)}] by config.json, "
            + $"found [{string.Join(", ", actual)}]"
    )
{
    /// <summary>Name of the tensor in the file.</summary>
    public string Tensor { get; } = tensor;

    /// <summary>Shape by the configuration.</summary>
    public IReadOnlyList<long> Expected { get; } = expected;

    /// <summary>Shape in the file.</summary>
    public IReadOnlyList<long> Actual { get; } = actual;
}
