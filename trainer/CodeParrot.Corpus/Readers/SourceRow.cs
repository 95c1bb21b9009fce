using System.Runtime.InteropServices;
using CodeParrot.Corpus.Pipeline;

namespace CodeParrot.Corpus.Readers;

/// <summary>One row of a table of documents.</summary>
/// <param name="Number">Its number in the file, from 1; a header row has none.</param>
/// <param name="Document">What it holds, where there is no fault; a content of null is no text.</param>
/// <param name="Fault">Why it is no document.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SourceRow(long Number, RawDocument Document, string? Fault = null);
