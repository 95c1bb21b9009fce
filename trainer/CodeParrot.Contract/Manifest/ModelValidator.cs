using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Manifest;

/// <summary>Mistakes in <c>spec.tokenizer</c> and <c>spec.model</c>, which must fit each other.</summary>
internal static class ModelValidator
{
    /// <summary>256 bytes and end of text.</summary>
    public const int MinVocabularySize = 257;

    private const int MaxVocabularySize = 65536;

    public static void Check(RunSpec spec, MistakeList mistakes)
    {
        CheckTokenizer(spec.Tokenizer, mistakes);
        CheckModel(spec.Model, mistakes);
        var trained = spec.Tokenizer.Train?.VocabularySize;
        mistakes.Check(
            spec.Model.VocabularySize is null || trained is null || spec.Model.VocabularySize >= trained,
            "spec.model.vocabularySize",
            $"must be at least spec.tokenizer.train.vocabularySize ({trained}), was {spec.Model.VocabularySize}"
        );
        mistakes.Check(
            spec.Corpus.Source.Format != SourceFormat.Tokens
                || spec.Model.From is not null
                || spec.Model.VocabularySize is not null
                || spec.Tokenizer is not { Train: null, From: null },
            "spec.model.vocabularySize",
            "must be set when the source holds ready-made tokens and no tokenizer is named"
        );
    }

    private static void CheckTokenizer(TokenizerSpec tokenizer, MistakeList mistakes)
    {
        mistakes.Check(
            tokenizer.Train is null || tokenizer.From is null,
            "spec.tokenizer",
            "must have either train or from, not both"
        );
        if (tokenizer.Train is { } train)
        {
            mistakes.Between(
                train.VocabularySize,
                MinVocabularySize,
                MaxVocabularySize,
                "spec.tokenizer.train.vocabularySize"
            );
            mistakes.AtLeast(train.Documents, 1, "spec.tokenizer.train.documents");
        }
    }

    private static void CheckModel(ModelSpec model, MistakeList mistakes)
    {
        const string path = "spec.model";
        mistakes.Check(
            model.Preset is null || ModelPreset.Find(model.Preset) is not null,
            path + ".preset",
            $"must be one of {string.Join(", ", ModelPreset.All.Select(p => p.Name))}, was '{model.Preset}'"
        );
        if (model.From is not null)
        {
            mistakes.Check(
                model is { Preset: null, Layers: null, Heads: null, Width: null, VocabularySize: null },
                path + ".from",
                "brings its own shape: leave out preset, layers, heads, width and vocabularySize"
            );
        }

        mistakes.AtLeast(model.Layers ?? 1, 1, path + ".layers");
        mistakes.AtLeast(model.Width ?? 1, 1, path + ".width");
        mistakes.AtLeast(model.ContextLength ?? 2, 2, path + ".contextLength");
        mistakes.AtLeast(model.Heads ?? 1, 1, path + ".heads");
        mistakes.Check(
            model.Dropout is >= 0 and < 1,
            path + ".dropout",
            $"must be at least 0 and below 1, was {model.Dropout}"
        );
        var shape = SpecResolver.Resolve(new RunManifest { Spec = new RunSpec { Model = model } }).Spec.Model;
        mistakes.Check(
            shape.Heads is null or < 1 || shape.Width is null || shape.Width % shape.Heads == 0,
            path + ".heads",
            $"must divide the width ({shape.Width}), was {shape.Heads}"
        );
    }
}
