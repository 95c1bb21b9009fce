using ScottPlot;

namespace CodeParrot.Evaluation.Curves;

/// <summary>Colours of a curve, told apart by colour-blind readers too.</summary>
internal sealed record CurveColours(string Background, string Text, string Grid, string Training, string HeldOut)
{
    public static CurveColours Of(bool dark) =>
        dark
            ? new("#16181d", "#d7dae0", "#2b2f38", "#6cb2eb", "#f6ad55")
            : new("#ffffff", "#2d3340", "#e6e8ec", "#2b6cb0", "#c05621");

    public static Color Colour(string hex) => Color.FromHex(hex);
}
