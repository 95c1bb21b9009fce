namespace CodeParrot.Evaluation.Reports;

/// <summary>The report's looks.</summary>
internal static class ReportStyle
{
    /// <summary>A style sheet without outside parts; holds nothing that XML would have escaped.</summary>
    public const string Css = """
        :root { color-scheme: light dark;
          --paper: #ffffff; --ink: #2d3340; --faint: #6b7280; --line: #e6e8ec; --field: #f6f7f9; }
        @media (prefers-color-scheme: dark) {
          :root { --paper: #16181d; --ink: #d7dae0; --faint: #9aa2b1; --line: #2b2f38; --field: #1e2128; }
        }
        body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; background: var(--paper); color: var(--ink);
          font: 16px/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.75rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.15rem; margin-top: 2rem; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; vertical-align: top; padding: 0.3rem 1rem 0.3rem 0;
          border-bottom: 1px solid var(--line); }
        th { font-weight: normal; color: var(--faint); white-space: nowrap; width: 14rem; }
        td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        img { width: 100%; height: auto; }
        pre { background: var(--field); border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem 1rem;
          overflow-x: auto; font: 14px/1.45 ui-monospace, monospace; tab-size: 4; }
        p, summary { color: var(--faint); }
        summary { cursor: pointer; }

        """;
}
