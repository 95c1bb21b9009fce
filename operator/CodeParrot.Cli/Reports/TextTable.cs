using System.Text;

namespace CodeParrot.Cli.Reports;

/// <summary>Columns of plain text, as kubectl prints them.</summary>
internal static class TextTable
{
    private const int Gap = 3;

    /// <summary>Lays rows out below their titles.</summary>
    public static string Of(IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<IReadOnlyList<string>> all = [titles, .. rows];
        var widths = titles.Select((_, i) => all.Max(r => r[i].Length) + Gap).ToList();
        var text = new StringBuilder();
        foreach (var row in all)
        {
            text.AppendLine(string.Concat(row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }

        return text.ToString();
    }
}
