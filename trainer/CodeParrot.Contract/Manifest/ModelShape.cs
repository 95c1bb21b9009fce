namespace CodeParrot.Contract.Manifest;

/// <summary>The numbers that fix a GPT-2 network's parameters.</summary>
/// <param name="VocabularySize">Rows of the embedding.</param>
/// <param name="ContextLength">Positions.</param>
/// <param name="Width">Width of the residual stream.</param>
/// <param name="Layers">Transformer blocks.</param>
/// <param name="Heads">Attention heads; no parameter depends on them.</param>
public sealed record ModelShape(int VocabularySize, int ContextLength, int Width, int Layers, int Heads)
{
    /// <summary>Parameters, with the head tied to the embedding.</summary>
    public long ParameterCount
    {
        get
        {
            long width = Width;
            // A block: qkv and projection 4w² + 4w, feed-forward 8w² + 5w, two LayerNorms 4w.
            var block = (12 * width * width) + (13 * width);
            return ((VocabularySize + (long)ContextLength) * width) + (Layers * block) + (2 * width);
        }
    }
}
