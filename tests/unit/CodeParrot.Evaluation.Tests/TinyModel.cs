using CodeParrot.Model;
using TorchSharp;

namespace CodeParrot.Evaluation.Tests;

/// <summary>A model of a few thousand parameters, and sequences for it.</summary>
internal static class TinyModel
{
    public const int Vocabulary = 61;
    public const int Context = 24;

    // Matrices this small gain nothing from a second thread, and wait for it where the machine is busy.
    static TinyModel() => torch.set_num_threads(1);

    public static Gpt2 New(int vocabulary = Vocabulary, int context = Context)
    {
        var model = new Gpt2(
            new()
            {
                VocabularySize = vocabulary,
                ContextLength = context,
                Width = 24,
                Heads = 3,
                Layers = 2,
                Dropout = 0.1,
            }
        );
        model.Initialise(3);
        using var noGradient = torch.no_grad();
        // Ten times GPT-2's first weights: losses of sequences then differ by more than rounding.
        model.Parameters.mul_(10);
        return model;
    }

    public static long[] Sequence(int length, int seed = 0) =>
        [.. Enumerable.Range(0, length).Select(i => (long)((i * 17 + i / 5 + seed * 7) % Vocabulary))];

    public static string Line(long[] ids) => $"{{\"ids\": [{string.Join(", ", ids)}]}}";

    /// <summary>Loss of one sequence by its definition, from the logits in fp64.</summary>
    public static double LossOf(Gpt2 model, long[] ids)
    {
        using var scope = torch.NewDisposeScope();
        var logits = model.Logits(torch.tensor(ids, [1, ids.Length]))[0].to(torch.float64);
        var logProbabilities = torch.nn.functional.log_softmax(logits, 1);
        return Enumerable.Range(0, ids.Length - 1).Average(t => -logProbabilities[t, ids[t + 1]].item<double>());
    }
}
