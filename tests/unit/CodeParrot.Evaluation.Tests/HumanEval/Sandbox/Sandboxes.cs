using CodeParrot.Evaluation.HumanEval.Sandbox;

namespace CodeParrot.Evaluation.Tests.HumanEval.Sandbox;

/// <summary>A sandbox with and one without namespaces, for all tests of a class: Python starts slowly.</summary>
public sealed class Sandboxes : IAsyncLifetime
{
    // Half a second of an idle machine: endless programs end soon, and no other comes near it.
    private static readonly SandboxOptions Options = new() { Timeout = TimeSpan.FromSeconds(0.5) };

    private PythonSandbox? _full;
    private PythonSandbox? _filter;

    /// <summary>What a container without rights has.</summary>
    public PythonSandbox Filter => _filter!;

    /// <summary>All that this machine can do.</summary>
    public PythonSandbox Full => _full!;

    /// <summary>A program that adds two numbers, or should, against tests of it.</summary>
    public static SandboxProgram Adding(string program) =>
        new(
            program,
            "add",
            "def add(a, b):\n    return a + b\n",
            "def check(candidate):\n    assert candidate(2, 3) == 5\n    assert candidate(-1, 1) == 0\n"
        );

    /// <summary>One of the two.</summary>
    public PythonSandbox Of(Isolation isolation)
    {
        if (isolation == Isolation.Filter)
        {
            return Filter;
        }

        // The machine of the checks has them; others may not.
        var missing = Full.Facts.Isolation != Isolation.Namespaces;
        if (missing && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip($"no namespaces here: {Full.Facts.Missing}");
        }

        Assert.False(missing, Full.Facts.Missing);
        return Full;
    }

    public async ValueTask InitializeAsync()
    {
        var token = TestContext.Current.CancellationToken;
        _full = await PythonSandbox.StartAsync(Options, TimeProvider.System, token);
        _filter = await PythonSandbox.StartAsync(Options with { UseNamespaces = false }, TimeProvider.System, token);
    }

    public ValueTask DisposeAsync()
    {
        _full?.Dispose();
        _filter?.Dispose();
        return ValueTask.CompletedTask;
    }
}
