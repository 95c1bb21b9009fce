using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Manifest;

/// <summary>Fills in values that depend on others, so that a snapshot says everything an attempt uses.</summary>
public static class SpecResolver
{
    /// <summary>Context of a fresh model unless the manifest says otherwise.</summary>
    public const int DefaultContextLength = 1024;

    private const int DefaultWarmupSteps = 2000;
    private const int DefaultShuffleBuffer = 1024;

    /// <summary>
    /// The manifest with presets, warm-up and tokenizer written out. Resolving twice changes nothing.
    /// </summary>
    public static RunManifest Resolve(RunManifest manifest)
    {
        var spec = manifest.Spec;
        var resolved = spec with
        {
            Tokenizer = Resolve(spec.Tokenizer, spec.Corpus.Source.Format),
            Model = Resolve(spec.Model, spec.Tokenizer),
            Training = spec.Training with
            {
                Schedule = Resolve(spec.Training.Schedule, spec.Training.MaxSteps),
                Data = Resolve(spec.Training.Data),
            },
        };
        return manifest with { Spec = resolved };
    }

    /// <summary>
    /// The shape of a resolved spec's model, or null when it comes from a folder or tokenizer that is not read here.
    /// </summary>
    public static ModelShape? Shape(RunSpec resolved) =>
        resolved.Model
            is {
                VocabularySize: { } vocabulary,
                ContextLength: { } context,
                Width: { } width,
                Layers: { } layers,
                Heads: { } heads
            }
            ? new ModelShape(vocabulary, context, width, layers, heads)
            : null;

    private static TokenizerSpec Resolve(TokenizerSpec tokenizer, SourceFormat format) =>
        tokenizer is { Train: null, From: null } && format != SourceFormat.Tokens
            ? tokenizer with
            {
                Train = new TokenizerTrainSpec(),
            }
            : tokenizer;

    private static ModelSpec Resolve(ModelSpec model, TokenizerSpec tokenizer)
    {
        if (model.From is not null)
        {
            return model;
        }

        var preset = ModelPreset.Find(model.Preset ?? ModelPreset.All[0].Name) ?? ModelPreset.All[0];
        var trained = tokenizer.From is null
            ? (tokenizer.Train ?? new TokenizerTrainSpec()).VocabularySize
            : (int?)null;
        return model with
        {
            Layers = model.Layers ?? preset.Layers,
            Heads = model.Heads ?? preset.Heads,
            Width = model.Width ?? preset.Width,
            ContextLength = model.ContextLength ?? DefaultContextLength,
            VocabularySize = model.VocabularySize ?? trained,
        };
    }

    private static DataSpec Resolve(DataSpec data) =>
        data.Order == DataOrder.Streamed
            ? data with
            {
                ShuffleBuffer = data.ShuffleBuffer ?? DefaultShuffleBuffer,
            }
            : data;

    private static ScheduleSpec Resolve(ScheduleSpec schedule, int maxSteps) =>
        schedule with
        {
            WarmupSteps = schedule.WarmupSteps ?? Math.Min(DefaultWarmupSteps, maxSteps / 10),
        };
}
