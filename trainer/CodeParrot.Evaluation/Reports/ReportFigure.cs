namespace CodeParrot.Evaluation.Reports;

/// <summary>A line of the report's table of figures.</summary>
/// <param name="Name">What is measured, for example "Parameters".</param>
/// <param name="Value">The value as it shall be read, with its unit.</param>
public sealed record ReportFigure(string Name, string Value);
