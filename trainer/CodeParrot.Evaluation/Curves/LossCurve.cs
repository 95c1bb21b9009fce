using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace CodeParrot.Evaluation.Curves;

/// <summary>Draws training and held-out loss against tokens, both axes logarithmic, without a display.</summary>
public static class LossCurve
{
    private const int TokenTicks = 10;
    private const int LossTicks = 8;
    private const int Padding = 16;

    /// <summary>
    /// What to tell the user where the machine has no font, so that the picture's axes have no numbers; null where it
    /// has one.
    /// </summary>
    public static string? FontWarning =>
        CurveFont.IsMissing
            ? "no font is installed, so the loss curve has no labels: apt-get install fonts-dejavu-core"
            : null;

    /// <summary>The curve as a PNG file. Points that a logarithmic axis cannot show are left out.</summary>
    /// <param name="training">
    /// Loss of the training steps: a thin line, and its mean over neighbours where there are many.
    /// </param>
    /// <param name="heldOut">Loss on held-out text: markers.</param>
    /// <param name="style">Size, title, colours.</param>
    public static byte[] Png(
        IReadOnlyList<CurvePoint> training,
        IReadOnlyList<CurvePoint> heldOut,
        CurveStyle? style = null
    )
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(heldOut);
        style ??= new();
        var (trained, held) = (Drawable(training), Drawable(heldOut));
        List<CurvePoint> all = [.. trained, .. held];
        var colours = CurveColours.Of(style.Dark);
        using var plot = new Plot();
        AddTraining(plot, trained, CurveColours.Colour(colours.Training));
        AddHeldOut(plot, held, CurveColours.Colour(colours.HeldOut));
        SetAxes(
            plot,
            LogAxis.Around([.. all.Select(point => (double)point.Tokens)]),
            LogAxis.Around([.. all.Select(point => point.Loss)])
        );
        SetColours(plot, colours);
        SetText(plot, style.Title);
        return Encoded(plot, style, SKColor.Parse(colours.Background));
    }

    private static byte[] Encoded(Plot plot, CurveStyle style, SKColor background)
    {
        using var surface = SKSurface.Create(new SKImageInfo(style.Width, style.Height));
        plot.Render(surface.Canvas, new PixelRect(Padding, style.Width - Padding, style.Height - Padding, Padding));
        // ScottPlot clears all of the canvas, so the margin's colour goes underneath afterwards.
        surface.Canvas.DrawColor(background, SKBlendMode.DstOver);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static List<CurvePoint> Drawable(IReadOnlyList<CurvePoint> points) =>
        [.. points.Where(p => p.Tokens > 0 && double.IsFinite(p.Loss) && p.Loss > 0).OrderBy(p => p.Tokens)];

    private static void AddTraining(Plot plot, List<CurvePoint> points, Color colour)
    {
        if (points.Count == 0)
        {
            return;
        }

        var tokens = points.Select(p => Math.Log10(p.Tokens)).ToArray();
        var isNoisy = points.Count > 60;
        var raw = plot.Add.Scatter(tokens, points.Select(p => Math.Log10(p.Loss)).ToArray());
        raw.Color = isNoisy ? colour.WithAlpha(0.35) : colour;
        raw.LineWidth = isNoisy ? 1 : 1.5f;
        raw.MarkerSize = points.Count == 1 ? 7 : 0;
        raw.LegendText = isNoisy ? "" : "training";
        if (isNoisy)
        {
            var mean = Smoothing.Mean([.. points.Select(p => p.Loss)]);
            var line = plot.Add.Scatter(tokens, mean.Select(Math.Log10).ToArray());
            line.Color = colour;
            line.LineWidth = 2;
            line.MarkerSize = 0;
            line.LegendText = "training";
        }
    }

    private static void AddHeldOut(Plot plot, List<CurvePoint> points, Color colour)
    {
        if (points.Count == 0)
        {
            return;
        }

        var markers = plot.Add.Scatter(
            points.Select(p => Math.Log10(p.Tokens)).ToArray(),
            points.Select(p => Math.Log10(p.Loss)).ToArray()
        );
        markers.Color = colour;
        markers.LineWidth = 0;
        markers.MarkerShape = MarkerShape.FilledCircle;
        markers.MarkerSize = points.Count > 40 ? 5 : 8;
        markers.LegendText = "held out";
    }

    private static void SetAxes(Plot plot, LogAxis tokens, LogAxis loss)
    {
        plot.Axes.SetLimits(
            Math.Log10(tokens.Low),
            Math.Log10(tokens.High),
            Math.Log10(loss.Low),
            Math.Log10(loss.High)
        );
        plot.Axes.Bottom.TickGenerator = Generator(tokens, TokenTicks);
        plot.Axes.Left.TickGenerator = Generator(loss, LossTicks);
    }

    private static void SetText(Plot plot, string? title)
    {
        plot.XLabel("tokens", size: 16);
        plot.YLabel("loss (nats per token)", size: 16);
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        plot.ShowLegend(Alignment.UpperRight);
        plot.Legend.FontSize = 15;
        plot.Axes.Bottom.TickLabelStyle.FontSize = 14;
        plot.Axes.Left.TickLabelStyle.FontSize = 14;
        if (title is not null)
        {
            plot.Title(title, size: 18);
        }

        if (CurveFont.Family is { } family)
        {
            plot.Font.Set(family);
        }
    }

    private static NumericManual Generator(LogAxis axis, int mostCount)
    {
        var major = axis.Ticks(mostCount);
        return new NumericManual([
            .. major.Select(value => Tick.Major(Math.Log10(value), LogAxis.Label(value))),
            .. axis.MinorTicks().Except(major).Select(value => Tick.Minor(Math.Log10(value))),
        ]);
    }

    private static void SetColours(Plot plot, CurveColours colours)
    {
        plot.FigureBackground.Color = CurveColours.Colour(colours.Background);
        plot.DataBackground.Color = CurveColours.Colour(colours.Background);
        plot.Axes.Color(CurveColours.Colour(colours.Text));
        plot.Axes.Title.Label.ForeColor = CurveColours.Colour(colours.Text);
        plot.Grid.MajorLineColor = CurveColours.Colour(colours.Grid);
        plot.Legend.BackgroundColor = CurveColours.Colour(colours.Background);
        plot.Legend.FontColor = CurveColours.Colour(colours.Text);
        plot.Legend.OutlineColor = CurveColours.Colour(colours.Grid);
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Axes.Right.IsVisible = false;
        plot.Axes.Top.IsVisible = false;
    }
}
