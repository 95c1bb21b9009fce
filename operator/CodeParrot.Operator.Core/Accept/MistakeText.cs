using CodeParrot.Contract.Manifest;

namespace CodeParrot.Operator.Core.Accept;

/// <summary>Mistakes as the message of a condition, one a line.</summary>
public static class MistakeText
{
    /// <summary>Kubernetes' own limit for the message of a condition.</summary>
    public const int MaxLength = 32_768;

    private const int RoomForMore = 32;

    /// <summary>All mistakes, or as many as fit and how many more there are.</summary>
    public static string Of(IReadOnlyList<SpecMistake> mistakes)
    {
        var lines = mistakes.Select(m => m.ToString()).ToList();
        var length = 0;
        // A single mistake may quote a value of any length.
        var fitting = lines.TakeWhile(l => (length += l.Length + 1) <= MaxLength - RoomForMore).ToList();
        var left = lines.Count - fitting.Count;
        return left == 0 ? string.Join('\n', fitting)
            : fitting.Count == 0 ? $"{lines[0][..(MaxLength - 2 * RoomForMore)]}…\nand {left - 1} more"
            : string.Join('\n', fitting.Append($"and {left} more"));
    }
}
