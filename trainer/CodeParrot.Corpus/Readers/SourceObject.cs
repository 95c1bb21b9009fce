namespace CodeParrot.Corpus.Readers;

/// <summary>One object of a source.</summary>
/// <param name="Key">Its path below the source, or its name when the source is this one object.</param>
/// <param name="SizeBytes">Its size as it was listed; -1 when it could not be read.</param>
/// <param name="ETag">Names this version of it.</param>
/// <param name="Fault">Why it cannot be read; <see langword="null"/> when it can.</param>
public sealed record SourceObject(string Key, long SizeBytes, string ETag, string? Fault = null);
