namespace CodeParrot.Model.Generation;

/// <summary>Options of a generation are out of range; the message names every mistake.</summary>
public sealed class GenerationOptionsException(IReadOnlyList<string> errors)
    : Exception("the options of the generation are not usable: " + string.Join("; ", errors))
{
    /// <summary>All mistakes, each with the field, what it must be and what it was.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
