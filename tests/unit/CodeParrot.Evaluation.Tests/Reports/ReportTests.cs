using System.Text;
using System.Xml;
using System.Xml.Linq;
using CodeParrot.Evaluation.Curves;
using CodeParrot.Evaluation.Reports;

namespace CodeParrot.Evaluation.Tests.Reports;

public sealed class ReportTests
{
    private static readonly ReportInput _full = new()
    {
        Run = "small & <fast>",
        HeldOut = new(1.5, Math.Exp(1.5), 123_456, 40),
        Figures = [new("Parameters", "2.4M"), new("Speed", "> 9k tokens/s")],
        Curve = LossCurve.Png([], [], new() { Width = 60, Height = 40 }),
        DarkCurve = LossCurve.Png(
            [],
            [],
            new()
            {
                Width = 60,
                Height = 40,
                Dark = true,
            }
        ),
        Completions = [new("def f(a):\n    ", ["return a < 1 && \"b\"\n", "\u0000\u001b[31m\r</pre><script>"])],
        Checkpoint = "main/step-000000400-a1",
        CorpusDigest = "sha256:c0",
        TokenizerDigest = "sha256:70",
        Spec = "model: { layers: 2 }\nname: <x>",
    };

    [Fact]
    public void Shows_HumanEval_in_a_table_of_its_own_if_there_is_any()
    {
        var page = Report.Html(_full with { HumanEval = [new("pass@1", "3.80 %")] });

        Assert.Contains("<h2>HumanEval</h2>", page);
        Assert.Contains("3.80 %", page);
        Assert.DoesNotContain("HumanEval", Report.Html(_full));
    }

    [Fact]
    public void Is_well_formed_whatever_a_model_wrote()
    {
        foreach (var text in new[] { OddCharacters(), "]]>", "<!--", "\ud800 alone" })
        {
            var page = Parse(_full with { Run = text, Completions = [new(text, [text])], Spec = text });

            Assert.Equal(4, page.Descendants("h2").Count());
        }
    }

    [Fact]
    public void Shows_texts_as_they_are_and_controls_by_their_pictures()
    {
        var page = Parse(_full);

        Assert.Equal("small & <fast>", page.Descendants("h1").Single().Value);
        Assert.Equal(
            ["def f(a):\n    return a < 1 && \"b\"\n", "def f(a):\n    ␀␛[31m␍</pre><script>", _full.Spec!],
            page.Descendants("pre").Select(pre => pre.Value)
        );
    }

    [Fact]
    public void Shows_figures_and_provenance_as_tables()
    {
        var rows = Parse(_full)
            .Descendants("tr")
            .ToDictionary(r => r.Element("th")!.Value, r => r.Element("td")!.Value);

        Assert.Equal("1.5000 nats per token", rows["Held-out loss"]);
        Assert.Equal("4.48", rows["Held-out perplexity"]);
        Assert.Equal("123,456", rows["Held-out tokens"]);
        Assert.Equal("> 9k tokens/s", rows["Speed"]);
        Assert.Equal("main/step-000000400-a1", rows["Checkpoint"]);
        Assert.Equal("sha256:c0", rows["Corpus"]);
        Assert.Equal("sha256:70", rows["Tokenizer"]);
    }

    [Fact]
    public void Carries_the_curve_for_light_and_dark_screens()
    {
        var page = Parse(_full);

        Assert.Equal(_full.Curve.ToArray(), Decoded(page.Descendants("img").Single().Attribute("src")!.Value));
        Assert.Equal(
            _full.DarkCurve.ToArray(),
            Decoded(page.Descendants("source").Single().Attribute("srcset")!.Value)
        );
    }

    [Fact]
    public void Needs_nothing_from_outside()
    {
        var page = Parse(_full);

        string[] banned = ["script", "link", "iframe", "object", "embed", "base", "form"];
        Assert.DoesNotContain(page.Descendants(), element => banned.Contains(element.Name.LocalName));
        Assert.All(
            page.Descendants().Attributes().Where(a => a.Name.LocalName is "src" or "srcset" or "href"),
            attribute => Assert.StartsWith("data:", attribute.Value)
        );
        var style = page.Descendants("style").Single().Value;
        Assert.DoesNotContain("url(", style);
        Assert.DoesNotContain("@import", style);
    }

    [Fact]
    public void Leaves_out_what_is_not_there()
    {
        var page = Parse(new ReportInput { Run = "bare" });

        Assert.Equal(["Provenance"], page.Descendants("h2").Select(heading => heading.Value));
        Assert.Empty(page.Descendants("img"));
        Assert.Empty(page.Descendants("pre"));
    }

    [Fact]
    public void Gives_the_same_page_for_the_same_input() => Assert.Equal(Report.Html(_full), Report.Html(_full));

    // The basic plane, and of the others their ends, where the non-characters are.
    private static string OddCharacters() =>
        string.Concat(
            Enumerable
                .Range(0, 0x10000)
                .Concat(Enumerable.Range(1, 16).SelectMany(plane => Enumerable.Range((plane << 16) + 0xfff0, 16)))
                .Where(Rune.IsValid)
                .Select(value => new Rune(value).ToString())
        );

    private static XElement Parse(ReportInput input)
    {
        var html = Report.Html(input);
        // Bytes on disk are UTF-8: a lone surrogate would not survive them.
        using var stream = new MemoryStream(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(html));
        using var reader = XmlReader.Create(stream, new() { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace).Root!;
    }

    private static byte[] Decoded(string uri) => Convert.FromBase64String(uri["data:image/png;base64,".Length..]);
}
