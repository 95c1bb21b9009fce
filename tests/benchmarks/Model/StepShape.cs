using CodeParrot.Model;

namespace CodeParrot.Benchmarks.Model;

/// <summary>A size that the step is measured at, and what the engine must reach there on one thread.</summary>
/// <param name="Name">What the command line and the table call it.</param>
/// <param name="Config">Sizes of the model; dropout is off, since the baseline has none.</param>
/// <param name="Batch">Sequences of a batch.</param>
/// <param name="Time">Tokens of a sequence.</param>
/// <param name="Fp32Target">Least ratio of the baseline's CPU time to the engine's in fp32.</param>
/// <param name="Bf16Target">Likewise in bf16.</param>
internal sealed record StepShape(
    string Name,
    Gpt2Config Config,
    int Batch,
    int Time,
    double Fp32Target,
    double Bf16Target
)
{
    /// <summary>The largest share of the baseline's peak memory that the engine may take.</summary>
    public const double MemoryTarget = 0.75;

    /// <summary>All sizes.</summary>
    public static IReadOnlyList<StepShape> All { get; } =
    [
        new("111M", Gpt2Config.Preset("gpt2") with { Dropout = 0 }, Batch: 1, Time: 512, 1.2, 2.0),
        new(
            "6x384",
            new Gpt2Config
            {
                Layers = 6,
                Heads = 6,
                Width = 384,
                ContextLength = 256,
                Dropout = 0,
            },
            Batch: 8,
            Time: 256,
            1.3,
            2.2
        ),
    ];

    /// <summary>The size of a name.</summary>
    public static StepShape Named(string name) =>
        All.FirstOrDefault(shape => shape.Name == name)
        ?? throw new ArgumentException($"must be one of {string.Join(", ", All.Select(s => s.Name))}, was {name}");
}
