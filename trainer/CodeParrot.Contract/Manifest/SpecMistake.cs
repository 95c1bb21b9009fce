namespace CodeParrot.Contract.Manifest;

/// <summary>One mistake in a manifest: where it stands, and what to do about it.</summary>
/// <param name="Path">Path of the field, as in <c>spec.workers.count</c>; empty for the file as a whole.</param>
/// <param name="Message">What is wrong and the remedy, as in <c>must be at least 1, was 0</c>.</param>
public sealed record SpecMistake(string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}
