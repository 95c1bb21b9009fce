using System.Text.Json;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Parity.Tests.Model;

namespace CodeParrot.Parity.Tests.Training;

public class EngineParityTests
{
    // The reference's pass marks; a right fp32 engine lands near 1e-6.
    private const double LossTolerance = 2e-4;
    private const double NormTolerance = 1e-3;
    private const double RateTolerance = 1e-6;

    // After 20 steps Adam has amplified the last digits where gradients are near zero, by how much depends on the
    // processor's products: 2.2e-4 on an Intel Xeon, less on an AMD EPYC. The largest weight step is 4e-3.
    private const double WeightTolerance = 5e-4;

    // Sums in another order: other ranks, other micro-batches.
    private const double WorldSizeTolerance = 1e-4;

    // Ranks, and the four sequences of a step as ranks × micro-batches × rows at the reference world size.
    [Theory]
    [InlineData(1, 1, 1, 4, false, false)]
    [InlineData(1, 1, 2, 2, false, false)]
    [InlineData(1, 1, 4, 1, true, true)]
    [InlineData(2, 2, 1, 2, false, false)]
    [InlineData(2, 2, 1, 2, false, true)]
    [InlineData(2, 2, 1, 2, true, false)]
    [InlineData(2, 1, 4, 1, false, false)]
    [InlineData(2, 1, 4, 1, true, true)]
    [InlineData(4, 4, 1, 1, false, false)]
    [InlineData(4, 4, 1, 1, false, true)]
    [InlineData(4, 4, 1, 1, true, false)]
    [InlineData(4, 2, 2, 1, true, true)]
    public async Task The_engine_follows_the_reference(
        int worldSize,
        int count,
        int accumulation,
        int batchSize,
        bool isSharded,
        bool isRecomputed
    )
    {
        using var json = Reference.Json("train.json");
        using var run = await ReferenceRun.CreateAsync(json.RootElement);
        var spec = ReferenceRun.Spec(count, accumulation, batchSize);

        var rows = await run.TrainAsync(
            worldSize,
            spec with
            {
                Training = spec.Training with { OptimizerSharding = isSharded, GradientCheckpointing = isRecomputed },
            }
        );

        AssertFollows(json.RootElement.GetProperty("fp32"), rows);
        using var trained = HuggingFaceFolder.Load(run.Checkpoint);
        using var expected = HuggingFaceFolder.Load(Path.Combine(Reference.Folder, "after-20-steps"));
        foreach (var slot in trained.Layout.Where(slot => slot.Name != "transformer.wpe.weight"))
        {
            var source = expected.Layout.Single(s => s.Name == slot.Name);
            using var difference = (
                trained.Parameters.narrow(0, slot.Offset, slot.Count)
                - expected.Parameters.narrow(0, source.Offset, slot.Count)
            )
                .abs()
                .max();
            Assert.InRange(difference.item<float>(), 0, WeightTolerance);
        }
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(5, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public async Task The_loss_curve_is_the_same_at_any_world_size(int worldSize, bool isSharded)
    {
        using var json = Reference.Json("train.json");
        using var alone = await ReferenceRun.CreateAsync(json.RootElement);
        using var together = await ReferenceRun.CreateAsync(json.RootElement);
        var spec = ReferenceRun.Spec(count: 2, accumulation: 2, batchSize: 1);

        var expected = await alone.TrainAsync(1, spec);
        var training = spec.Training with { OptimizerSharding = isSharded };
        var actual = await together.TrainAsync(worldSize, spec with { Training = training });

        for (var step = 0; step < ReferenceRun.Steps; step++)
        {
            AssertNear(Number(expected[step], "loss/train"), actual[step], "loss/train", WorldSizeTolerance);
            AssertNear(Number(expected[step], "loss/eval"), actual[step], "loss/eval", WorldSizeTolerance);
        }
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
        Assert.Equal(4 * ReferenceRun.Steps, Number(rows[^1], "samples"));
    }

    private static double Number(JsonElement row, string name) => row.GetProperty(name).GetDouble();

    private static void AssertNear(double expected, JsonElement row, string name, double tolerance) =>
        Assert.True(
            Math.Abs(expected - Number(row, name)) <= tolerance * Math.Max(Math.Abs(expected), 1e-3),
            $"{name} at step {Number(row, "steps")}: expected {expected}, was {Number(row, name)}"
        );
}
