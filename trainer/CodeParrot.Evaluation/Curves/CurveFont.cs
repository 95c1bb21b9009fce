using SkiaSharp;

namespace CodeParrot.Evaluation.Curves;

/// <summary>
/// The font of a curve's labels. SkiaSharp's build without dependencies looks into /usr/share/fonts only.
/// </summary>
internal static class CurveFont
{
    // The first of these that is there: the default would be whichever file comes first, a serif on Debian.
    private static readonly string[] _preferred = ["Inter", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial"];

    /// <summary>Whether there is no font at all: text is then drawn as nothing.</summary>
    public static bool IsMissing => SKTypeface.Default.GlyphCount == 0;

    /// <summary>A sans-serif family of this machine; null leaves the choice to ScottPlot.</summary>
    public static string? Family { get; } = _preferred.Intersect(SKFontManager.Default.FontFamilies).FirstOrDefault();
}
