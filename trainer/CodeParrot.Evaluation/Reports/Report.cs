using System.Globalization;
using System.Text;

namespace CodeParrot.Evaluation.Reports;

/// <summary>
/// A run's report as one HTML file without outside parts: it can be mailed, and opened from any disk.
/// </summary>
public static class Report
{
    /// <summary>The page, in UTF-8's repertoire; well-formed XML too. The same input gives the same text.</summary>
    public static string Html(ReportInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var page = new StringBuilder();
        var run = HtmlText.Escape(input.Run);
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
        page.Append("<meta name=\"color-scheme\" content=\"light dark\"/>\n");
        page.Append($"<title>{run} – CodeParrot report</title>\n<style>\n{ReportStyle.Css}</style>\n</head>\n<body>\n");
        page.Append($"<h1>{run}</h1>\n");
        AppendTable(page, "Figures", Figures(input));
        AppendTable(page, "HumanEval", input.HumanEval);
        AppendCurve(page, input);
        AppendCompletions(page, input.Completions);
        AppendTable(page, "Provenance", Provenance(input));
        AppendSpec(page, input.Spec);
        page.Append("</body>\n</html>\n");
        return page.ToString();
    }

    private static List<ReportFigure> Figures(ReportInput input)
    {
        var figures = new List<ReportFigure>();
        if (input.HeldOut is { } result)
        {
            figures.Add(new("Held-out loss", $"{Number(result.Loss, "0.0000")} nats per token"));
            figures.Add(new("Held-out perplexity", Number(result.Perplexity, "0.00")));
            figures.Add(new("Held-out tokens", Number(result.Tokens, "#,0")));
        }

        figures.AddRange(input.Figures);
        return figures;
    }

    private static List<ReportFigure> Provenance(ReportInput input) =>
        [
            .. new (string Name, string? Value)[]
            {
                ("Run", input.Run),
                ("Checkpoint", input.Checkpoint),
                ("Corpus", input.CorpusDigest),
                ("Tokenizer", input.TokenizerDigest),
            }
                .Where(line => line.Value is not null)
                .Select(line => new ReportFigure(line.Name, line.Value!)),
        ];

    private static void AppendTable(StringBuilder page, string heading, IReadOnlyList<ReportFigure> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        page.Append($"<section>\n<h2>{heading}</h2>\n<table>\n");
        foreach (var line in lines)
        {
            page.Append($"<tr><th scope=\"row\">{HtmlText.Escape(line.Name)}</th>");
            page.Append($"<td>{HtmlText.Escape(line.Value)}</td></tr>\n");
        }

        page.Append("</table>\n</section>\n");
    }

    private static void AppendCurve(StringBuilder page, ReportInput input)
    {
        if (input.Curve.IsEmpty)
        {
            return;
        }

        page.Append("<section>\n<h2>Loss</h2>\n<picture>\n");
        if (!input.DarkCurve.IsEmpty)
        {
            page.Append($"<source media=\"(prefers-color-scheme: dark)\" srcset=\"{DataUri(input.DarkCurve)}\"/>\n");
        }

        page.Append($"<img alt=\"Training and held-out loss against tokens\" src=\"{DataUri(input.Curve)}\"/>\n");
        page.Append("</picture>\n</section>\n");
    }

    private static void AppendCompletions(StringBuilder page, IReadOnlyList<PromptCompletion> completions)
    {
        if (completions.Count == 0)
        {
            return;
        }

        page.Append("<section>\n<h2>Completions</h2>\n");
        foreach (var completion in completions)
        {
            foreach (var text in completion.Texts)
            {
                page.Append($"<pre><b>{HtmlText.Escape(completion.Prompt)}</b>{HtmlText.Escape(text)}</pre>\n");
            }
        }

        page.Append("<p>Prompts are bold.</p>\n</section>\n");
    }

    private static void AppendSpec(StringBuilder page, string? spec)
    {
        if (spec is not null)
        {
            page.Append("<section>\n<details>\n<summary>Spec of the run</summary>\n");
            page.Append($"<pre><code>{HtmlText.Escape(spec)}</code></pre>\n</details>\n</section>\n");
        }
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string DataUri(ReadOnlyMemory<byte> png) =>
        "data:image/png;base64," + Convert.ToBase64String(png.Span);
}
