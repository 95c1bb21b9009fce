using System.Text;

namespace CodeParrot.Evaluation.HumanEval.Sandbox;

/// <summary>The Python program that runs and tests other programs: resources, joined in order.</summary>
internal static class SandboxSource
{
    private static readonly string[] Parts = ["isolation", "values", "candidate", "tester", "supervisor"];

    public static string Text { get; } = Join();

    private static string Join()
    {
        var text = new StringBuilder();
        foreach (var part in Parts)
        {
            using var resource = typeof(SandboxSource).Assembly.GetManifestResourceStream($"sandbox/{part}.py")!;
            using var reader = new StreamReader(resource, Encoding.UTF8);
            text.Append(reader.ReadToEnd()).Append('\n');
        }

        return text.ToString();
    }
}
