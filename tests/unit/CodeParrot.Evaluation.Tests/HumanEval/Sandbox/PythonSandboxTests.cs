using CodeParrot.Evaluation.HumanEval.Sandbox;

namespace CodeParrot.Evaluation.Tests.HumanEval.Sandbox;

public sealed class PythonSandboxTests(Sandboxes sandboxes) : IClassFixture<Sandboxes>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Isolation.Namespaces)]
    [InlineData(Isolation.Filter)]
    public async Task A_right_program_passes(Isolation isolation)
    {
        var sandbox = sandboxes.Of(isolation);

        var verdict = await sandbox.RunAsync(Sandboxes.Adding("def add(a, b):\n    return b + a\n"), Token);

        Assert.Equal(new SandboxVerdict(SandboxOutcome.Passed), verdict);
        Assert.Equal(isolation, sandbox.Facts.Isolation);
        Assert.StartsWith("3.", sandbox.Facts.Python);
    }

    [Theory]
    [InlineData("def add(a, b):\n    return a - b\n", "AssertionError", "")]
    [InlineData("def add(a, b:\n", "SyntaxError", "never closed")]
    [InlineData("def add(a, b):\n    return a + c\n", "NameError", "'c' is not defined")]
    [InlineData("def sum(a, b):\n    return a + b\n", "KeyError", "add")]
    [InlineData("def add(a, b):\n    return add(a, b)\n", "RecursionError", "")]
    [InlineData("def add(a, b):\n    class Odd(Exception): pass\n    raise Odd('so')\n", "Odd", "so")]
    [InlineData("import sys\nsys.exit(0)\n", "SystemExit", "0")]
    [InlineData("import os\nos._exit(0)\n", "Exited", "")]
    [InlineData("def add(a, b):\n    import ctypes\n    ctypes.string_at(0)\n", "Crashed", "SIGSEGV")]
    [InlineData("def add(a, b):\n    import nothing\n", "ModuleNotFoundError", "nothing")]
    public async Task A_wrong_program_fails_by_its_class(string program, string error, string message)
    {
        var verdict = await sandboxes.Full.RunAsync(Sandboxes.Adding(program), Token);

        Assert.Equal((SandboxOutcome.Failed, error), (verdict.Outcome, verdict.Error));
        Assert.Contains(message, verdict.Message);
    }

    [Theory]
    [InlineData(
        "def f(x):\n    return [1, (2.5, None), {'a': {3}}, b'x', 1 << 4000, float('inf')]\n",
        "f(0) == [1, (2.5, None), {'a': {3}}, b'x', 1 << 4000, float('inf')]"
    )]
    [InlineData("def f(x):\n    x.append(4)\n", "(lambda l: (f(l), l))([3]) == (None, [3, 4])")]
    [InlineData("def f(x):\n    yield from range(x)\n", "list(f(3)) == [0, 1, 2] and f(3) != [0, 1, 2]")]
    [InlineData(
        "from collections import Counter, deque\ndef f(x):\n    return Counter(x), deque(x)\n",
        "f('aab')[0] == {'a': 2, 'b': 1} and list(f('ab')[1]) == ['a', 'b']"
    )]
    [InlineData("def f(*a, **b):\n    return len(a), b\n", "f(1, 2, c=3) == (2, {'c': 3})")]
    [InlineData(
        "import math, re, hashlib, itertools, datetime, random\ndef f(x):\n    return str(datetime.date.max)\n",
        "f(0) == '9999-12-31'"
    )]
    public async Task Values_pass_between_program_and_tests_as_they_are(string program, string holds)
    {
        var test = $"def check(candidate):\n    assert {holds}\n";

        var verdict = await sandboxes.Full.RunAsync(new(program, "f", "def f(x): pass", test), Token);

        Assert.Equal(new SandboxVerdict(SandboxOutcome.Passed), verdict);
    }

    [Fact]
    public async Task A_program_is_run_alike_each_time()
    {
        // Orders of sets and draws without a seed would differ from worker to worker.
        const string Program = "import random\ndef f():\n    return list({'a', 'b', 'c', 'd'}), random.random()\n";
        const string Test = "def check(candidate):\n    raise ValueError(str(candidate()))\n";
        var program = new SandboxProgram(Program, "f", "", Test);

        var full = await sandboxes.Full.RunAsync(program, Token);
        var filter = await sandboxes.Filter.RunAsync(program, Token);

        Assert.Contains("'a'", full.Message);
        Assert.Equal(full, filter);
    }

    [Fact]
    public async Task Waiting_for_a_processor_is_not_the_program_s_time()
    {
        using var busy = new CancellationTokenSource();
        var threads = Enumerable
            .Range(0, 4 * Environment.ProcessorCount)
            .Select(_ => new Thread(() => Spin(busy.Token)));
        var running = threads.ToList();
        running.ForEach(thread => thread.Start());
        // A fifth of a second of a processor, whatever the clock says; the limit is half a second.
        const string Program =
            "import time\ndef add(a, b):\n    end = time.process_time() + 0.1\n"
            + "    while time.process_time() < end: pass\n    return a + b\n";

        var verdict = await sandboxes.Full.RunAsync(Sandboxes.Adding(Program), Token);

        await busy.CancelAsync();
        running.ForEach(thread => thread.Join());
        Assert.Equal(SandboxOutcome.Passed, verdict.Outcome);
    }

    [Theory]
    [InlineData("def check(candidate:\n", "SyntaxError")]
    [InlineData("x = 1\n", "check")]
    [InlineData("def check(candidate):\n    candidate(lambda: 1, 2)\n", "function")]
    public async Task Tests_that_cannot_be_run_are_no_fault_of_the_program(string test, string message)
    {
        var program = Sandboxes.Adding("def add(a, b):\n    return a + b\n") with { Test = test };

        var error = await Assert.ThrowsAsync<ProblemFaultException>(() => sandboxes.Full.RunAsync(program, Token));

        Assert.Contains(message, error.Message);
    }

    [Fact]
    public async Task Says_what_is_missing_where_there_is_no_python()
    {
        var options = new SandboxOptions { Python = "no-such-python" };

        var error = await Assert.ThrowsAsync<SandboxUnavailableException>(() =>
            PythonSandbox.StartAsync(options, TimeProvider.System, Token)
        );

        Assert.Contains("no-such-python", error.Message);
        Assert.Contains("install Python", error.Message);
    }

    [Fact]
    public async Task Runs_nothing_where_there_is_less_isolation_than_asked_for()
    {
        var options = new SandboxOptions { Isolation = Isolation.Namespaces, UseNamespaces = false };

        var error = await Assert.ThrowsAsync<SandboxUnavailableException>(() =>
            PythonSandbox.StartAsync(options, TimeProvider.System, Token)
        );

        Assert.Contains("Namespaces", error.Message);
        Assert.Contains("isolation: Filter", error.Message);
    }

    [Fact]
    public async Task Runs_programs_at_once_and_survives_a_cancelled_one()
    {
        var options = new SandboxOptions { Workers = 2, Timeout = TimeSpan.FromMinutes(1) };
        using var sandbox = await PythonSandbox.StartAsync(options, TimeProvider.System, Token);
        using var cancel = new CancellationTokenSource();
        var endless = sandbox.RunAsync(Sandboxes.Adding("while True: pass\n"), cancel.Token);
        var right = Sandboxes.Adding("def add(a, b):\n    return a + b\n");

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => sandbox.RunAsync(right, Token)));
        await cancel.CancelAsync();
        await Task.WhenAny(endless);
        var again = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => sandbox.RunAsync(right, Token)));

        Assert.True(endless.IsCanceled);
        Assert.All([.. verdicts, .. again], verdict => Assert.Equal(SandboxOutcome.Passed, verdict.Outcome));
    }

    private static void Spin(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Thread.SpinWait(1000);
        }
    }
}
