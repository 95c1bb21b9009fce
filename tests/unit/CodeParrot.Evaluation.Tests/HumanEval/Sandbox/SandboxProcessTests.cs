using System.Diagnostics;
using System.Globalization;
using CodeParrot.Evaluation.HumanEval.Sandbox;

namespace CodeParrot.Evaluation.Tests.HumanEval.Sandbox;

/// <summary>The process of a program, as the kernel has it.</summary>
public sealed class SandboxProcessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Has_no_rights_no_environment_and_few_descriptors(bool namespaces)
    {
        var options = new SandboxOptions { UseNamespaces = namespaces, Timeout = TimeSpan.FromMinutes(1) };
        using var sandbox = await PythonSandbox.StartAsync(options, TimeProvider.System, Token);
        using var cancel = new CancellationTokenSource();
        var run = sandbox.RunAsync(Sandboxes.Adding("while True: pass\n"), cancel.Token);

        var process = await FindAsync();
        var status = Status(process);
        var owner = Status(Environment.ProcessId)["Uid"].Split('\t')[0];
        Assert.Equal("2", status["Seccomp"]);
        Assert.Equal("1", status["NoNewPrivs"]);
        Assert.Equal(new string('0', 16), status["CapEff"]);
        Assert.Equal(new string('0', 16), status["CapPrm"]);
        Assert.Equal(owner == "0" ? "65534" : owner, status["Uid"].Split('\t')[0]);
        Assert.Contains("1000", File.ReadAllText($"/proc/{process}/oom_score_adj"));
        if (owner == "0")
        {
            // Others may not look: it is not dumpable.
            Assert.Equal("PYTHONHASHSEED=0", File.ReadAllText($"/proc/{process}/environ").Trim('\0'));
            Assert.Equal(5, Directory.GetFileSystemEntries($"/proc/{process}/fd").Length);
            AssertNamespaces(process, sandbox.Facts.Isolation == Isolation.Namespaces);
        }

        await cancel.CancelAsync();
        await Task.WhenAny(run);
        Assert.True(run.IsCanceled);
        await EndAsync(process);
    }

    [Fact]
    public async Task A_supervisor_that_was_killed_is_replaced_and_no_program_is_judged_by_it()
    {
        var options = new SandboxOptions { Timeout = TimeSpan.FromMinutes(1) };
        using var sandbox = await PythonSandbox.StartAsync(options, TimeProvider.System, Token);
        var program = Sandboxes.Adding("def add(a, b):\n    return a + b\n");

        foreach (var supervisor in Children(Environment.ProcessId))
        {
            using var process = Process.GetProcessById(supervisor);
            process.Kill();
        }

        Assert.Equal(SandboxOutcome.Passed, (await sandbox.RunAsync(program, Token)).Outcome);
        Assert.Equal(SandboxOutcome.Passed, (await sandbox.RunAsync(program, Token)).Outcome);
    }

    [Fact]
    public async Task A_sandbox_that_is_given_up_ends_its_programs()
    {
        var options = new SandboxOptions { Timeout = TimeSpan.FromMinutes(1) };
        var sandbox = await PythonSandbox.StartAsync(options, TimeProvider.System, Token);
        var run = sandbox.RunAsync(Sandboxes.Adding("while True: pass\n"), Token);
        var process = await FindAsync();

        sandbox.Dispose();

        await Task.WhenAny(run);
        Assert.True(run.IsCanceled);
        await EndAsync(process);
    }

    private static void AssertNamespaces(int process, bool own)
    {
        foreach (var kind in new[] { "user", "pid", "net", "mnt", "ipc", "uts" })
        {
            var ours = File.ResolveLinkTarget($"/proc/self/ns/{kind}", returnFinalTarget: false)!.Name;
            var theirs = File.ResolveLinkTarget($"/proc/{process}/ns/{kind}", returnFinalTarget: false)!.Name;
            Assert.Equal(own, ours != theirs);
        }

        if (own)
        {
            Assert.Empty(Directory.GetFileSystemEntries($"/proc/{process}/root"));
            Assert.Contains("ro,", File.ReadAllText($"/proc/{process}/mountinfo"));
            Assert.Single(File.ReadAllLines($"/proc/{process}/mountinfo"));
            Assert.DoesNotContain("eth", File.ReadAllText($"/proc/{process}/net/dev"));
        }
    }

    // The grandchild of our child: supervisor, tester, candidate.
    private static async Task<int> FindAsync()
    {
        while (true)
        {
            var testers = Children(Environment.ProcessId).SelectMany(Children).ToList();
            var candidates = testers.SelectMany(Children).ToList();
            // Once it has used a tenth of a second, it has long been what it stays.
            if (candidates is [var only] && ProcessorTicks(only) >= 10)
            {
                return only;
            }

            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }
    }

    private static List<int> Children(int parent) =>
        [
            .. Directory
                .GetDirectories("/proc")
                .Select(Path.GetFileName)
                .Where(name => int.TryParse(name, out _))
                .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
                .Where(id => ParentOf(id) == parent),
        ];

    private static async Task EndAsync(int process)
    {
        while (Status(process) is { Count: > 0 } status && !status["State"].StartsWith('Z'))
        {
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }
    }

    private static int ProcessorTicks(int process)
    {
        try
        {
            // Behind the name in brackets; user time is the 14th word of all.
            var words = File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ');
            return int.Parse(words[11], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static int ParentOf(int process) =>
        Status(process).TryGetValue("PPid", out var parent) ? int.Parse(parent, CultureInfo.InvariantCulture) : -1;

    private static Dictionary<string, string> Status(int process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status")
                .Select(line => line.Split(':', 2))
                .ToDictionary(pair => pair[0], pair => pair[1].Trim());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return [];
        }
    }
}
