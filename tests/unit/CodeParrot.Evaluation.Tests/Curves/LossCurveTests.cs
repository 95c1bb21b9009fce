using CodeParrot.Evaluation.Curves;
using SkiaSharp;

namespace CodeParrot.Evaluation.Tests.Curves;

public sealed class LossCurveTests
{
    private static readonly CurveStyle _small = new() { Width = 500, Height = 300 };

    [Fact]
    public void Is_a_png_of_the_size_asked_for()
    {
        using var image = Draw(Points(200), Points(5));

        Assert.Equal((500, 300), (image.Width, image.Height));
    }

    [Fact]
    public void Shows_both_losses_in_their_colours()
    {
        using var both = Draw(Points(200), Points(5));
        using var training = Draw(Points(200), []);
        using var heldOut = Draw([], Points(5));

        Assert.True(Has(both, "#2b6cb0") && Has(both, "#c05621"));
        Assert.True(Has(training, "#2b6cb0") && !Has(training, "#c05621"));
        Assert.True(!Has(heldOut, "#2b6cb0") && Has(heldOut, "#c05621"));
    }

    [Fact]
    public void Leaves_out_what_a_logarithmic_axis_cannot_show()
    {
        CurvePoint[] odd =
        [
            new(0, 3),
            new(-5, 3),
            new(40, double.NaN),
            new(50, double.PositiveInfinity),
            new(60, 0),
            new(70, -1),
        ];

        var clean = LossCurve.Png(Points(50), Points(3), _small);
        var withOdd = LossCurve.Png([.. odd, .. Points(50)], [.. Points(3), .. odd], _small);

        Assert.Equal(clean, withOdd);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public void Draws_hardly_any_points(int training, int heldOut)
    {
        using var image = Draw(Points(training), Points(heldOut));

        Assert.Equal(training > 0, Has(image, "#2b6cb0"));
        Assert.Equal(heldOut > 0, Has(image, "#c05621"));
    }

    [Fact]
    public void Is_dark_where_asked_for()
    {
        using var light = Draw(Points(3), []);
        using var dark = SKBitmap.Decode(LossCurve.Png(Points(3), [], _small with { Dark = true }));

        Assert.Equal(SKColors.White, light.GetPixel(2, 2));
        Assert.Equal(SKColor.Parse("#16181d"), dark.GetPixel(2, 2));
    }

    [Fact]
    public void Writes_text_or_says_which_font_to_install()
    {
        var first = LossCurve.Png(Points(3), [], _small with { Title = "first" });
        var second = LossCurve.Png(Points(3), [], _small with { Title = "second" });

        // Where no font is installed the titles are drawn as nothing, and the pictures are the same.
        Assert.Equal(LossCurve.FontWarning is null, !first.SequenceEqual(second));
        Assert.Contains("fonts-dejavu-core", LossCurve.FontWarning ?? "fonts-dejavu-core");
    }

    [Fact]
    public void Gives_the_same_bytes_for_the_same_points()
    {
        Assert.Equal(LossCurve.Png(Points(9), Points(2), _small), LossCurve.Png(Points(9), Points(2), _small));
    }

    private static CurvePoint[] Points(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new CurvePoint(i * 1000, 2 + (6 / Math.Sqrt(i))))];

    private static SKBitmap Draw(CurvePoint[] training, CurvePoint[] heldOut) =>
        SKBitmap.Decode(LossCurve.Png(training, heldOut, _small));

    private static bool Has(SKBitmap image, string colour) => image.Pixels.Contains(SKColor.Parse(colour));
}
