using TorchSharp;

namespace CodeParrot.Model.Tests;

public class Gpt2BackwardTests
{
    [Fact]
    public void Each_tensors_gradient_predicts_how_the_loss_changes_along_it()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.New(config: TinyModel.Config with { ScaleAttentionByInverseLayer = true });
        using var batch = TinyModel.Batch();
        model.ForwardBackward(batch, TinyModel.Micro());

        foreach (var slot in model.Layout)
        {
            using var noGradient = torch.no_grad();
            var gradient = model.Gradients.narrow(0, slot.Offset, slot.Count);
            var values = model.Parameters.narrow(0, slot.Offset, slot.Count);
            var slope = gradient.norm().item<float>();
            var before = values.clone();
            double LossAt(double distance)
            {
                values.copy_(before + gradient * (float)(distance / slope));
                return model.Loss(batch);
            }

            // Central differences: fp32 knows the loss to some 1e-6 and so the quotient to 5e-5; curvature adds per
            // cents.
            const double step = 0.01;
            var measured = (LossAt(step) - LossAt(-step)) / (2 * step);
            values.copy_(before);
            Assert.True(
                Math.Abs(measured - slope) <= 0.02 * slope + 2e-4,
                $"{slot.Name}: {slope}, measured {measured}"
            );
        }
    }

    [Fact]
    public void Without_dropout_it_returns_the_loss_of_evaluation()
    {
        using var model = TinyModel.New();
        using var batch = TinyModel.Batch();

        Assert.Equal(model.Loss(batch), model.ForwardBackward(batch, TinyModel.Micro(scale: 0.25)), 1e-6);
    }

    [Fact]
    public void Gradients_add_up_and_carry_the_scale()
    {
        using var model = TinyModel.New();
        using var batch = TinyModel.Batch();
        model.ForwardBackward(batch, TinyModel.Micro());
        var whole = TinyModel.Values(model.Gradients);

        Zero(model);
        model.ForwardBackward(batch, TinyModel.Micro(scale: 0.25));
        model.ForwardBackward(batch, TinyModel.Micro(scale: 0.75));

        AssertNear(whole, TinyModel.Values(model.Gradients), 1e-6);
    }

    [Theory]
    [InlineData(0.0, Precision.Fp32)]
    [InlineData(0.2, Precision.Fp32)]
    [InlineData(0.2, Precision.Bf16)]
    [InlineData(0.2, Precision.Fp16)]
    public void Recomputing_blocks_gives_the_same_bits(double dropout, Precision precision)
    {
        using var model = TinyModel.New(dropout);
        using var batch = TinyModel.Batch();
        var kept = model.ForwardBackward(batch, TinyModel.Micro(precision: precision));
        var gradients = TinyModel.Values(model.Gradients);

        Zero(model);
        var recomputed = model.ForwardBackward(batch, TinyModel.Micro(precision: precision, recompute: true));

        Assert.Equal(kept, recomputed);
        Assert.Equal(gradients, TinyModel.Values(model.Gradients));
    }

    [Fact]
    public void Dropout_depends_on_its_seed_alone()
    {
        using var model = TinyModel.New(dropout: 0.2);
        using var batch = TinyModel.Batch();

        var first = model.ForwardBackward(batch, TinyModel.Micro(seed: 1));
        var other = model.ForwardBackward(batch, TinyModel.Micro(seed: 2));
        // Draws of the process in between must not matter, or a resumed run would differ.
        torch.rand(100).Dispose();
        var again = model.ForwardBackward(batch, TinyModel.Micro(seed: 1));

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.NotEqual(first, model.Loss(batch));
    }

    [Fact]
    public void Every_range_is_announced_once_and_is_final_then()
    {
        using var model = TinyModel.New(dropout: 0.1);
        using var batch = TinyModel.Batch();
        var announced = new List<(ParameterRange Range, float[] Values)>();

        model.ForwardBackward(
            batch,
            TinyModel.Micro(),
            range => announced.Add((range, TinyModel.Values(model.Gradients)[(int)range.Offset..(int)range.End]))
        );

        var final = TinyModel.Values(model.Gradients);
        Assert.All(announced, a => Assert.Equal(final[(int)a.Range.Offset..(int)a.Range.End], a.Values));
        var end = 0L;
        foreach (var range in announced.Select(a => a.Range).OrderBy(range => range.Offset))
        {
            Assert.Equal(end, range.Offset);
            end = range.End;
        }

        Assert.Equal(final.Length, end);
        Assert.Equal(0, announced[^1].Range.Offset);
        Assert.Equal(2 + 2 * TinyModel.Config.Layers, announced.Count);
    }

    [Fact]
    public void Bf16_points_where_fp32_points()
    {
        using var model = TinyModel.New();
        using var batch = TinyModel.Batch();
        var loss = model.ForwardBackward(batch, TinyModel.Micro());
        var exact = TinyModel.Values(model.Gradients);

        Zero(model);
        var rough = model.ForwardBackward(batch, TinyModel.Micro(precision: Precision.Bf16));

        var gradients = TinyModel.Values(model.Gradients);
        var cosine = Dot(exact, gradients) / Math.Sqrt(Dot(exact, exact) * Dot(gradients, gradients));
        Assert.InRange(cosine, 0.999, 0.9999999);
        // bf16 keeps 8 bits: 0.4 % a value, less on a mean.
        Assert.Equal(loss, rough, 0.01);
        Assert.Equal(rough, model.Loss(batch, Precision.Bf16), 1e-5);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(65_536.0)]
    public void Fp16_points_where_fp32_points_and_carries_the_loss_scale(double lossScale)
    {
        using var model = TinyModel.New(dropout: 0.1);
        using var batch = TinyModel.Batch();
        var loss = model.ForwardBackward(batch, TinyModel.Micro());
        var exact = TinyModel.Values(model.Gradients);

        Zero(model);
        var rough = model.ForwardBackward(batch, TinyModel.Micro(scale: lossScale, precision: Precision.Fp16));

        var gradients = TinyModel.Values(model.Gradients);
        var cosine = Dot(exact, gradients) / Math.Sqrt(Dot(exact, exact) * Dot(gradients, gradients));
        // fp16 keeps 11 bits, 0.05 % a value.
        Assert.InRange(cosine, 0.99998, 0.999999999);
        Assert.Equal(lossScale, Math.Sqrt(Dot(gradients, gradients) / Dot(exact, exact)), lossScale * 2e-3);
        Assert.Equal(loss, rough, 2e-3);
    }

    [Fact]
    public void A_loss_scale_keeps_the_small_gradients_that_fp16_loses()
    {
        using var model = TinyModel.New();
        using var batch = TinyModel.Batch();
        var tiny = 1.0 / (1 << 20);

        model.ForwardBackward(batch, TinyModel.Micro(scale: tiny, precision: Precision.Fp16));
        var lost = TinyModel.Values(model.Gradients).Count(x => x == 0);
        Zero(model);
        model.ForwardBackward(batch, TinyModel.Micro(scale: tiny * 65_536, precision: Precision.Fp16));
        var kept = TinyModel.Values(model.Gradients).Count(x => x == 0);

        Assert.True(lost > 2 * kept, $"{lost} zeros without a scale, {kept} with it");
    }

    [Fact]
    public void An_overflow_of_fp16_shows_among_the_gradients()
    {
        using var model = TinyModel.New();
        using var optimiser = new AdamW(model, new AdamWOptions());
        using var batch = TinyModel.Batch();

        var loss = model.ForwardBackward(batch, TinyModel.Micro(scale: 1e9, precision: Precision.Fp16));

        Assert.True(double.IsFinite(loss));
        Assert.False(double.IsFinite(optimiser.GradientNorm()));
    }

    [Fact]
    public void An_inner_token_out_of_range_is_named()
    {
        using var model = TinyModel.New();
        using var batch = torch.tensor(new long[] { 1, 61, 2 }, [1, 3]);

        var error = Assert.Throws<TokenOutOfRangeException>(() => model.ForwardBackward(batch, TinyModel.Micro()));

        Assert.Equal((61L, 61), (error.Id, error.VocabularySize));
        Assert.Contains("tokenizer", error.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(25)]
    public void Rows_must_fit_the_context_and_have_a_target(int time)
    {
        using var model = TinyModel.New();
        using var batch = TinyModel.Batch(1, time);

        Assert.Throws<ArgumentException>(() => model.ForwardBackward(batch, TinyModel.Micro()));
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static void Zero(Gpt2 model)
    {
        using var noGradient = torch.no_grad();
        model.Gradients.zero_().Dispose();
    }

    private static void AssertNear(float[] expected, float[] actual, double tolerance) =>
        Assert.InRange(expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max(), 0, tolerance);
}
