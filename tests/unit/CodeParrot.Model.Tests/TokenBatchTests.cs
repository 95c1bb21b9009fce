using TorchSharp;

namespace CodeParrot.Model.Tests;

public class TokenBatchTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Loss_and_gradients_at_chosen_positions_equal_autograd_of_the_plain_formulation(
        bool bidirectional,
        bool recompute
    )
    {
        using var scope = torch.NewDisposeScope();
        var config = TinyModel.Config with { Bidirectional = bidirectional, ScaleAttentionByInverseLayer = true };
        using var model = TinyModel.New(config: config);
        var batch = Chosen();
        var plain = new PlainGpt2(model);
        var expected = plain.LossAndGradients(batch.Ids_BT, batch.Positions_N!, batch.Targets_N!);

        var loss = model.ForwardBackward(batch, TinyModel.Micro(recompute: recompute));

        // fp32 sums in another order: attention in one pass, the head in chunks.
        Assert.Equal(expected, loss, 1e-5);
        Assert.Equal(expected, model.Loss(batch), 1e-5);
        foreach (var slot in model.Layout)
        {
            var gradient = model.Gradients.narrow(0, slot.Offset, slot.Count).view(slot.Shape);
            Assert.True(gradient.allclose(plain.GradientOf(slot.Name), rtol: 1e-3, atol: 2e-6), slot.Name);
        }
    }

    [Fact]
    public void Naming_every_next_token_is_the_same_as_naming_none()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.New();
        var ids_BT = TinyModel.Batch(2, 5);
        var positions_N = torch.tensor(new long[] { 0, 1, 2, 3, 5, 6, 7, 8 });
        var targets_N = ids_BT.narrow(1, 1, 4).reshape(-1);

        Assert.Equal(model.Loss(ids_BT), model.Loss(new TokenBatch(ids_BT, positions_N, targets_N)), 1e-6);
    }

    [Fact]
    public void A_token_of_a_bidirectional_model_sees_those_after_it()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.New(config: TinyModel.Config with { Bidirectional = true });
        var ids_BT = TinyModel.Batch(1, 12);
        var changed_BT = ids_BT.clone();
        changed_BT[0, 8] = 33;

        var (before, after) = (model.Logits(ids_BT), model.Logits(changed_BT));

        Assert.False(before.narrow(1, 0, 1).allclose(after.narrow(1, 0, 1)));
    }

    [Fact]
    public void A_bidirectional_model_is_not_asked_for_the_next_token()
    {
        using var model = TinyModel.New(config: TinyModel.Config with { Bidirectional = true });
        using var batch = TinyModel.Batch();

        // It would read the answer off its input, and the loss would fall to nothing.
        Assert.Throws<ArgumentException>(() => model.Loss(batch));
        Assert.Throws<ArgumentException>(() => model.ForwardBackward(batch, TinyModel.Micro()));
    }

    private static TokenBatch Chosen()
    {
        var positions = new long[] { 0, 3, 15, 16, 20, 47 };
        var targets = new long[] { 5, 60, 0, 7, 7, 31 };
        return new(TinyModel.Batch(3, 16), torch.tensor(positions), torch.tensor(targets));
    }
}
