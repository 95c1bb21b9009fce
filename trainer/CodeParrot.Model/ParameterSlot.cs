namespace CodeParrot.Model;

/// <summary>Where one parameter lies in the flat buffers.</summary>
/// <param name="Name">Hugging Face's name, such as <c>transformer.h.0.attn.c_attn.weight</c>.</param>
/// <param name="Shape">Shape in Hugging Face's layout: matrices of blocks are <c>[in, out]</c> (Conv1D).</param>
/// <param name="Offset">First element in the flat buffer.</param>
/// <param name="Decayed">Whether weight decay applies: matrices and embeddings yes, biases and LayerNorms no.</param>
public sealed record ParameterSlot(string Name, long[] Shape, long Offset, bool Decayed)
{
    /// <summary>Number of elements.</summary>
    public long Count { get; } = Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The elements it occupies.</summary>
    public ParameterRange Range => new(Offset, Count);
}
