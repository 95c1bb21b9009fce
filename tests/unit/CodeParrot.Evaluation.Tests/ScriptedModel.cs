using CodeParrot.Model;
using TorchSharp;

namespace CodeParrot.Evaluation.Tests;

/// <summary>
/// A real model whose weights make it write a given text: each position's embedding points at the token that follows
/// it.
/// </summary>
internal static class ScriptedModel
{
    /// <summary>A model that after a prompt of so many tokens goes on with the script, greedily.</summary>
    public static Gpt2 Writing(IReadOnlyList<int> script, int promptTokens, int vocabulary)
    {
        var context = promptTokens + script.Count;
        var model = new Gpt2(
            new()
            {
                VocabularySize = vocabulary,
                ContextLength = context,
                Width = context + 1,
                Layers = 1,
                Heads = 1,
                Dropout = 0,
            }
        );
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var tokens_VC = Parameter(model, "transformer.wte.weight");
        var positions_TC = Parameter(model, "transformer.wpe.weight");
        Parameter(model, "transformer.ln_f.weight").fill_(1);
        for (var index = 0; index < script.Count; index++)
        {
            var position = promptTokens - 1 + index;
            positions_TC[position, position] = 100f;
            tokens_VC[script[index], position] = 1f;
        }

        return model;
    }

    private static torch.Tensor Parameter(Gpt2 model, string name)
    {
        var slot = model.Layout.Single(slot => slot.Name == name);
        return model.Parameters.narrow(0, slot.Offset, slot.Count).view(slot.Shape);
    }
}
