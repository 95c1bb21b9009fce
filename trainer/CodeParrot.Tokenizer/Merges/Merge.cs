using System.Runtime.InteropServices;

namespace CodeParrot.Tokenizer.Merges;

/// <summary>Two neighbouring tokens and the token they become.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Merge(int Left, int Right, int Id);
