using System.Runtime.InteropServices;

namespace CodeParrot.Training.Metrics;

/// <summary>A number of a step.</summary>
/// <param name="Name">Its name in <c>metrics.jsonl</c>: the book's where it has one.</param>
/// <param name="Tag">
/// Its tag in TensorBoard: the same, or torchtitan's for what the book does not measure; null leaves it out there.
/// </param>
/// <param name="Value">The number, finite.</param>
/// <param name="Shown">The number in the tag's unit.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Scalar(string Name, string? Tag, double Value, double Shown);
