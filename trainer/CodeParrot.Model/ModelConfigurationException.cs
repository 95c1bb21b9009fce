namespace CodeParrot.Model;

/// <summary>A model's sizes contradict each other; the message names every mistake.</summary>
public sealed class ModelConfigurationException(IReadOnlyList<string> errors)
    : Exception("the model's configuration is not usable: " + string.Join("; ", errors))
{
    /// <summary>All mistakes, each with the field, what it must be and what it was.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
