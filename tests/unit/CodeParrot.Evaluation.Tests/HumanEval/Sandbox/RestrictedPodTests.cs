using System.Runtime.Versioning;
using CodeParrot.Evaluation.HumanEval.Sandbox;

namespace CodeParrot.Evaluation.Tests.HumanEval.Sandbox;

/// <summary>
/// Under what Pod Security's <c>restricted</c> leaves: user 65532, no capabilities, no way to new privileges, and a
/// container runtime's filter that refuses namespaces and mounts.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class RestrictedPodTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    // Says of itself that it is the interpreter, and becomes it with a container's rights.
    private const string Pod = $$"""
        #!{{Python}} -S
        import ctypes, os, struct, sys
        if '-I' in sys.argv:
            print(os.path.abspath(sys.argv[0]))
            print(True)
            sys.exit()
        if os.getuid() == 0:
            os.setgroups([])
            os.setresgid(65532, 65532, 65532)
            os.setresuid(65532, 65532, 65532)
        libc, none = ctypes.CDLL(None, use_errno=True), ctypes.c_ulong(0)
        code = [(0x20, 0, 0, 0)]
        for number in (101, 155, 161, 165, 272, 308):
            code += [(0x15, 0, 1, number), (6, 0, 0, 0x50001)]
        if 'no-filters' in sys.argv[0]:
            code += [(0x15, 0, 3, 157), (0x20, 0, 0, 16), (0x15, 0, 1, 22), (6, 0, 0, 0x50001)]
        steps = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *s) for s in code + [(6, 0, 0, 0x7fff0000)]))
        program = ctypes.create_string_buffer(struct.pack('HxxxxxxQ', len(code) + 1, ctypes.addressof(steps)))
        libc.prctl(38, ctypes.c_ulong(1), none, none, none)
        if libc.prctl(22, ctypes.c_ulong(2), program, none, none):
            sys.exit('no filter')
        os.execv('{{Python}}', ['python3', *sys.argv[1:]])
        """;

    private readonly TemporaryFile _pod = new(Pod.Split('\n'));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public RestrictedPodTests()
    {
        Assert.SkipUnless(File.Exists(Python) || Environment.GetEnvironmentVariable("CI") == "true", $"no {Python}");
        File.SetUnixFileMode(_pod.Path, (UnixFileMode)Convert.ToInt32("755", 8));
    }

    public void Dispose() => _pod.Dispose();

    [Fact]
    public async Task Programs_are_filtered_and_judged_as_elsewhere()
    {
        using var sandbox = await PythonSandbox.StartAsync(Options(Isolation.Filter), TimeProvider.System, Token);

        var right = await sandbox.RunAsync(Sandboxes.Adding("def add(a, b):\n    return a + b\n"), Token);
        var reader = await sandbox.RunAsync(Sandboxes.Adding("print(open('/etc/passwd').read())\n"), Token);
        var endless = await sandbox.RunAsync(Sandboxes.Adding("while True: pass\n"), Token);

        Assert.Equal(Isolation.Filter, sandbox.Facts.Isolation);
        Assert.Contains("unshare", sandbox.Facts.Missing);
        Assert.Equal(SandboxOutcome.Passed, right.Outcome);
        Assert.Equal("PermissionError", reader.Error);
        Assert.Equal(SandboxOutcome.TimedOut, endless.Outcome);
    }

    [Fact]
    public async Task Whoever_asks_for_namespaces_hears_why_there_are_none()
    {
        var error = await Assert.ThrowsAsync<SandboxUnavailableException>(() =>
            PythonSandbox.StartAsync(Options(Isolation.Namespaces), TimeProvider.System, Token)
        );

        Assert.Contains("unshare: Operation not permitted", error.Message);
    }

    [Fact]
    public async Task Where_not_even_a_filter_can_be_had_programs_run_only_if_asked_for()
    {
        var path = Path.Combine(Path.GetDirectoryName(_pod.Path)!, "no-filters");
        File.Copy(_pod.Path, path);

        var error = await Assert.ThrowsAsync<SandboxUnavailableException>(() =>
            PythonSandbox.StartAsync(Options(Isolation.Filter, path), TimeProvider.System, Token)
        );
        using var sandbox = await PythonSandbox.StartAsync(Options(Isolation.None, path), TimeProvider.System, Token);
        var right = await sandbox.RunAsync(Sandboxes.Adding("def add(a, b):\n    return a + b\n"), Token);
        var bomb = await sandbox.RunAsync(Sandboxes.Adding("import os\nwhile True:\n    os.fork()\n"), Token);
        var forged = await sandbox.RunAsync(Sandboxes.Adding("print('passed')\nimport sys\nsys.exit(0)\n"), Token);

        Assert.Contains("isolation: Filter, or None", error.Message);
        Assert.Equal(Isolation.None, sandbox.Facts.Isolation);
        Assert.Equal(SandboxOutcome.Passed, right.Outcome);
        Assert.Equal((SandboxOutcome.Failed, "BlockingIOError"), (bomb.Outcome, bomb.Error));
        Assert.Equal((SandboxOutcome.Failed, "SystemExit"), (forged.Outcome, forged.Error));
    }

    private SandboxOptions Options(Isolation least, string? python = null) =>
        new()
        {
            Python = python ?? _pod.Path,
            Isolation = least,
            Timeout = TimeSpan.FromSeconds(0.5),
        };
}
