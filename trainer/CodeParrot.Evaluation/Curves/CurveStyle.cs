namespace CodeParrot.Evaluation.Curves;

/// <summary>Size, title and colours of a loss curve.</summary>
public sealed record CurveStyle
{
    /// <summary>Pixels across.</summary>
    public int Width { get; init; } = 1200;

    /// <summary>Pixels down.</summary>
    public int Height { get; init; } = 700;

    /// <summary>Text above the axes; none by default.</summary>
    public string? Title { get; init; }

    /// <summary>Light on dark instead of dark on white.</summary>
    public bool Dark { get; init; }
}
