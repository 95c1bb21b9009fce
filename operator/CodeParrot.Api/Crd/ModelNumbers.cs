using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Api.Crd;

/// <summary>
/// Expressions for numbers that depend on other fields, as <see cref="SpecResolver"/> fills them in: rules compare
/// what a spec means, not how it is written.
/// </summary>
internal static class ModelNumbers
{
    /// <summary>Transformer blocks of <c>SPEC.model</c>.</summary>
    public static string Layers(string spec) => Of(spec, "layers", p => p.Layers);

    /// <summary>Attention heads.</summary>
    public static string Heads(string spec) => Of(spec, "heads", p => p.Heads);

    /// <summary>Width of the residual stream.</summary>
    public static string Width(string spec) => Of(spec, "width", p => p.Width);

    /// <summary>Tokens of one sequence; 0 where a folder says it.</summary>
    public static string ContextLength(string spec) =>
        $"(has({spec}.model.contextLength) ? {spec}.model.contextLength"
        + $" : has({spec}.model.from) ? 0 : {SpecResolver.DefaultContextLength})";

    /// <summary>Rows of the embedding; 0 where a folder says it.</summary>
    public static string VocabularySize(string spec) =>
        $"(has({spec}.model.vocabularySize) ? {spec}.model.vocabularySize"
        + $" : has({spec}.model.from) || has({spec}.tokenizer.from) ? 0"
        + $" : has({spec}.tokenizer.train) ? {spec}.tokenizer.train.vocabularySize"
        + $" : {new TokenizerTrainSpec().VocabularySize})";

    /// <summary>A number of the tokenizer's training; 0 where nothing is trained.</summary>
    public static string Trained(string spec, string field, int unset) =>
        $"(has({spec}.tokenizer.train) ? {spec}.tokenizer.train.{field}"
        + $" : has({spec}.tokenizer.from) || {spec}.corpus.source.format == '{SourceFormat.Tokens}' ? 0 : {unset})";

    private static string Of(string spec, string field, Func<ModelPreset, int> number)
    {
        var presets = string.Join(", ", ModelPreset.All.Select(p => $"'{p.Name}': {number(p)}"));
        var preset = $"has({spec}.model.preset) ? {spec}.model.preset : '{ModelPreset.All[0].Name}'";
        return $"(has({spec}.model.{field}) ? {spec}.model.{field} : {{{presets}}}[{preset}])";
    }
}
