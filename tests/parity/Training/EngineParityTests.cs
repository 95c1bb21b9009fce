using System.Text.Json;
using CodeParrot.Contract.Spec;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Parity.Tests.Model;

namespace CodeParrot.Parity.Tests.Training;

public class EngineParityTests
{
    // The reference's pass marks; a right fp32 engine lands near 1e-6.
    private const double LossTolerance = 2e-4;
    private const double NormTolerance = 1e-3;
    private const double RateTolerance = 1e-6;

    // Sums in another order: other ranks, other micro-batches.
    private const double WorldSizeTolerance = 1e-4;

    // Of the 63 predicted tokens of a sequence: the last chunk of each micro-batch is not whole.
    private const int ChunkRows = 25;

    private static readonly bool[] OffAndOn = [false, true];

    public static MatrixTheoryData<int, bool, bool, bool, bool> Ways { get; } =
        new([1, 2, 4], OffAndOn, OffAndOn, OffAndOn, OffAndOn);

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_engine_follows_the_reference(
        int worldSize,
        bool isAccumulated,
        bool isRecomputed,
        bool isSharded,
        bool isChunked
    )
    {
        // The reference has four sequences a step. For four ranks to accumulate, each must come twice.
        var repeats = isAccumulated && worldSize == 4 ? 2 : 1;
        var accumulation = isAccumulated ? 2 : 1;
        var spec = ReferenceRun.Spec(worldSize, accumulation, batchSize: 4 * repeats / (worldSize * accumulation));
        var training = spec.Training with { OptimizerSharding = isSharded, GradientCheckpointing = isRecomputed };

        await AssertFollowsAsync(worldSize, spec with { Training = training }, repeats, isChunked ? ChunkRows : null);
    }

    // Ranks, and a step's four sequences as ranks × micro-batches × rows at the reference world size: micro-batches do
    // not follow the ranks that are there.
    [Theory]
    [InlineData(1, 1, 4, 1)]
    [InlineData(1, 4, 1, 1)]
    [InlineData(2, 1, 4, 1)]
    [InlineData(4, 2, 2, 1)]
    [InlineData(3, 2, 1, 2)]
    public async Task Ranks_follow_the_reference_however_its_step_is_divided(
        int worldSize,
        int count,
        int accumulation,
        int batchSize
    ) => await AssertFollowsAsync(worldSize, ReferenceRun.Spec(count, accumulation, batchSize), repeats: 1, null);

    [Theory]
    [InlineData(2, false, Precision.Fp32)]
    [InlineData(3, false, Precision.Fp32)]
    [InlineData(4, false, Precision.Fp32)]
    [InlineData(5, false, Precision.Fp32)]
    [InlineData(2, true, Precision.Fp32)]
    [InlineData(3, true, Precision.Fp32)]
    [InlineData(4, true, Precision.Fp32)]
    [InlineData(2, true, Precision.Bf16)]
    [InlineData(3, false, Precision.Bf16)]
    [InlineData(4, true, Precision.Bf16)]
    public async Task The_loss_curve_is_the_same_at_any_world_size(int worldSize, bool isSharded, Precision precision)
    {
        using var json = Reference.Json("train.json");
        using var alone = await ReferenceRun.CreateAsync(json.RootElement);
        using var together = await ReferenceRun.CreateAsync(json.RootElement);
        var spec = ReferenceRun.Spec(count: 2, accumulation: 2, batchSize: 1);
        var training = spec.Training with
        {
            Precision = precision,
            Data = new DataSpec { Order = DataOrder.Shuffled },
        };

        var expected = await alone.TrainAsync(1, spec with { Training = training });
        training = training with { OptimizerSharding = isSharded };
        var actual = await together.TrainAsync(worldSize, spec with { Training = training });

        for (var step = 0; step < ReferenceRun.Steps; step++)
        {
            AssertNear(Number(expected[step], "loss/train"), actual[step], "loss/train", WorldSizeTolerance);
            AssertNear(Number(expected[step], "loss/eval"), actual[step], "loss/eval", WorldSizeTolerance);
        }
    }

    // bf16 keeps 8 bits of each factor; what it gets wrong averages out over 20 steps.
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task Bf16_learns_what_the_reference_learns(int worldSize, bool isRecomputed)
    {
        using var json = Reference.Json("train.json");
        using var run = await ReferenceRun.CreateAsync(json.RootElement);
        var spec = ReferenceRun.Spec(count: 2, accumulation: 2, batchSize: 1);
        var training = spec.Training with { Precision = Precision.Bf16, GradientCheckpointing = isRecomputed };

        var rows = await run.TrainAsync(worldSize, spec with { Training = training }, ChunkRows);

        var fp32 = json.RootElement.GetProperty("fp32");
        AssertNear(fp32.GetProperty("eval_loss_before").GetDouble(), rows[0], "loss/eval", 0.01);
        AssertNear(fp32.GetProperty("eval_loss_after").GetDouble(), rows[^1], "loss/eval", 0.01);
        Assert.NotEqual(fp32.GetProperty("loss")[0].GetDouble(), Number(rows[0], "loss/train"), 1e-7);
    }

    private static async Task AssertFollowsAsync(int worldSize, RunSpec spec, int repeats, int? headChunkRows)
    {
        using var json = Reference.Json("train.json");
        using var run = await ReferenceRun.CreateAsync(json.RootElement, repeats);

        var rows = await run.TrainAsync(worldSize, spec, headChunkRows);

        AssertFollows(json.RootElement.GetProperty("fp32"), rows);
        Assert.Equal(4 * repeats * ReferenceRun.Steps, Number(rows[^1], "samples"));
        using var trained = HuggingFaceFolder.Load(run.Checkpoint);
        using var expected = HuggingFaceFolder.Load(Path.Combine(Reference.Folder, "after-20-steps"));
        TrainedWeights.AssertNear(expected, trained);
    }

    private static void AssertFollows(JsonElement expected, JsonElement[] rows)
    {
        Assert.Equal(ReferenceRun.Steps, rows.Length);
        for (var step = 0; step < rows.Length; step++)
        {
            AssertNear(expected.GetProperty("loss")[step].GetDouble(), rows[step], "loss/train", LossTolerance);
            AssertNear(expected.GetProperty("lr")[step].GetDouble(), rows[step], "lr", RateTolerance);
            var norm = expected.GetProperty("grad_norm_before_clip")[step].GetDouble();
            AssertNear(norm, rows[step], "grad_norm", NormTolerance);
        }
        // The first update runs at rate 0, so the loss after it is the loss before training.
        AssertNear(expected.GetProperty("eval_loss_before").GetDouble(), rows[0], "loss/eval", LossTolerance);
        AssertNear(expected.GetProperty("eval_loss_after").GetDouble(), rows[^1], "loss/eval", LossTolerance);
        Assert.Equal(Math.Exp(Number(rows[^1], "loss/eval")), Number(rows[^1], "perplexity"), 1e-9);
    }

    private static double Number(JsonElement row, string name) => row.GetProperty(name).GetDouble();

    private static void AssertNear(double expected, JsonElement row, string name, double tolerance) =>
        Assert.True(
            Math.Abs(expected - Number(row, name)) <= tolerance * Math.Max(Math.Abs(expected), 1e-3),
            $"{name} at step {Number(row, "steps")}: expected {expected}, was {Number(row, name)}"
        );
}
