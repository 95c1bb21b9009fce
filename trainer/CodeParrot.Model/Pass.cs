using CodeParrot.Model.Generation;
using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Model;

/// <summary>What differs between the ways of running the blocks forward.</summary>
/// <param name="Type">Type of the matrix products.</param>
/// <param name="Dropout">Probability of dropping; 0 outside training.</param>
/// <param name="DropoutSeed">Seed of this micro-batch's masks.</param>
/// <param name="Cache">Keys and values of the tokens before, while generating.</param>
internal readonly record struct Pass(
    torch.ScalarType Type,
    double Dropout = 0,
    ulong DropoutSeed = 0,
    KeyValueCache? Cache = null
)
{
    /// <summary>The place of the embeddings' masks among those of the blocks, which count from 0.</summary>
    public const int Embeddings = -1;

    /// <summary>
    /// Sets torch's generator to the start of a place's masks: the same ones whenever this micro-batch computes it.
    /// </summary>
    public void Reseed(int place, DeviceType device)
    {
        if (Dropout > 0)
        {
            var seed = unchecked((long)SplitMix64.Mix(DropoutSeed, (ulong)(place + 1)));
            NativeRandom.Restart(seed, device);
        }
    }
}
