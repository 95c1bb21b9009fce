using CodeParrot.Model.Generation;
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
);
