namespace CodeParrot.Distributed.Coordination;

/// <summary>
/// Orders checkpoint names by the numbers in them (<c>step-000015000-a9</c> before <c>step-000015000-a10</c>), and by
/// their characters elsewhere.
/// </summary>
internal sealed class CheckpointNameComparer : IComparer<string?>
{
    public static CheckpointNameComparer Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        var left = x.AsSpan();
        var right = y.AsSpan();
        while (!left.IsEmpty && !right.IsEmpty)
        {
            var order =
                char.IsAsciiDigit(left[0]) && char.IsAsciiDigit(right[0])
                    ? CompareNumbers(ref left, ref right)
                    : CompareCharacters(ref left, ref right);
            if (order != 0)
            {
                return order;
            }
        }

        // Equal numbers may be written with different zeros; the plain order then keeps the comparison total.
        return left.Length != right.Length ? left.Length - right.Length : string.CompareOrdinal(x, y);
    }

    private static int CompareCharacters(ref ReadOnlySpan<char> left, ref ReadOnlySpan<char> right)
    {
        var order = left[0] - right[0];
        left = left[1..];
        right = right[1..];
        return order;
    }

    private static int CompareNumbers(ref ReadOnlySpan<char> left, ref ReadOnlySpan<char> right)
    {
        var leftDigits = TakeNumber(ref left);
        var rightDigits = TakeNumber(ref right);
        return leftDigits.Length != rightDigits.Length
            ? leftDigits.Length - rightDigits.Length
            : leftDigits.SequenceCompareTo(rightDigits);
    }

    private static ReadOnlySpan<char> TakeNumber(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? text : text[..end];
        text = text[digits.Length..];
        return digits.TrimStart('0');
    }
}
