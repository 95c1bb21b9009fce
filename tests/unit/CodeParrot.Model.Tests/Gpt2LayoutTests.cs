namespace CodeParrot.Model.Tests;

public class Gpt2LayoutTests
{
    [Fact]
    public void Slots_follow_each_other_without_holes_the_decayed_first()
    {
        using var model = new Gpt2(TinyModel.Config);

        var end = 0L;
        foreach (var slot in model.Layout)
        {
            Assert.Equal(end, slot.Offset);
            Assert.Equal(slot.Offset < model.DecayedCount, slot.Decayed);
            end = slot.Range.End;
        }

        Assert.Equal(model.Parameters.numel(), end);
    }

    [Fact]
    public void Matrices_and_embeddings_are_decayed_and_nothing_else()
    {
        using var model = new Gpt2(TinyModel.Config);

        Assert.All(model.Layout, slot => Assert.Equal(slot.Shape.Length == 2, slot.Decayed));
    }

    [Fact]
    public void Names_and_shapes_are_those_of_hugging_face()
    {
        using var model = new Gpt2(TinyModel.Config);

        var slots = model.Layout.ToDictionary(slot => slot.Name, slot => slot.Shape);

        Assert.Equal(2 + 12 * TinyModel.Config.Layers + 2, slots.Count);
        Assert.Equal([61L, 24L], slots["transformer.wte.weight"]);
        Assert.Equal([24L, 72L], slots["transformer.h.1.attn.c_attn.weight"]);
        Assert.Equal([96L, 24L], slots["transformer.h.0.mlp.c_proj.weight"]);
        Assert.Equal([96L], slots["transformer.h.0.mlp.c_fc.bias"]);
    }
}
