using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Model;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Training.Objectives;
using TorchSharp;

namespace CodeParrot.Training.Checkpointing;

/// <summary>The model that a run begins with: fresh weights, or those of a Hugging Face folder.</summary>
internal static class StartingModel
{
    private const string Source = "run.yaml";

    /// <summary>Draws fresh weights of the spec's shape, the same on every rank and device.</summary>
    /// <exception cref="ManifestException">The spec has no shape, or one too small for the corpus.</exception>
    public static Gpt2 Fresh(RunSpec spec, TokenManifest tokens, torch.Device? device = null)
    {
        var shape =
            SpecResolver.Shape(
                spec with
                {
                    Model = spec.Model with { VocabularySize = spec.Model.VocabularySize ?? tokens.VocabularySize },
                }
            ) ?? throw Mistake("spec.model", "must name layers, heads, width and contextLength");
        if (shape.VocabularySize < tokens.VocabularySize)
        {
            throw Mistake(
                "spec.model.vocabularySize",
                $"must be at least the tokenizer's vocabulary ({tokens.VocabularySize}), was {shape.VocabularySize}"
            );
        }
        var model = new Gpt2(
            new Gpt2Config
            {
                VocabularySize = shape.VocabularySize,
                ContextLength = shape.ContextLength,
                Width = shape.Width,
                Layers = shape.Layers,
                Heads = shape.Heads,
                Dropout = spec.Model.Dropout,
                Bidirectional = ObjectiveChoice.IsBidirectional(spec.Training.Objective),
            },
            device
        );
        model.Initialise((ulong)spec.Training.Seed);
        return model;
    }

    /// <summary>Loads a folder, with the spec's dropout and, where it asks for it, a shorter context.</summary>
    /// <exception cref="ManifestException">The folder does not fit the corpus or the spec.</exception>
    public static Gpt2 FromFolder(string folder, RunSpec spec, TokenManifest tokens, torch.Device? device = null)
    {
        using var loaded = HuggingFaceFolder.Load(folder);
        var vocabularySize = loaded.Config.VocabularySize;
        // Ready-made ids only have to fit; a tokenizer has to be the model's own.
        var fits =
            tokens.Kind == TokenKind.Sequences
                ? tokens.VocabularySize <= vocabularySize
                : tokens.VocabularySize == vocabularySize;
        if (!fits)
        {
            throw Mistake(
                "spec.tokenizer",
                $"must have the vocabulary of spec.model.from ({vocabularySize}), has {tokens.VocabularySize}; "
                    + $"set spec.tokenizer.from to {spec.Model.From}"
            );
        }
        var contextLength = spec.Model.ContextLength ?? loaded.Config.ContextLength;
        if (contextLength > loaded.Config.ContextLength)
        {
            throw Mistake(
                "spec.model.contextLength",
                $"must be at most that of spec.model.from ({loaded.Config.ContextLength}), was {contextLength}"
            );
        }
        var config = loaded.Config with
        {
            ContextLength = contextLength,
            Dropout = spec.Model.Dropout,
            // What the folder's model saw does not bind a run that goes on from its weights.
            Bidirectional = ObjectiveChoice.IsBidirectional(spec.Training.Objective),
        };
        var model = new Gpt2(config, device);
        CopyWeights(loaded, model);
        return model;
    }

    // A shorter context is the first rows of the position embedding; everything else is equal.
    private static void CopyWeights(Gpt2 from, Gpt2 to)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var sources = from.Layout.ToDictionary(slot => slot.Name, StringComparer.Ordinal);
        foreach (var slot in to.Layout)
        {
            var source = from.Parameters.narrow(0, sources[slot.Name].Offset, slot.Count);
            to.Parameters.narrow(0, slot.Offset, slot.Count).copy_(source);
        }
    }

    private static ManifestException Mistake(string path, string message) =>
        new(Source, [new SpecMistake(path, message)]);
}
