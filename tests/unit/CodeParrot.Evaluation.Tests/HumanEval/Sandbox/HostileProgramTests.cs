using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using CodeParrot.Evaluation.HumanEval.Sandbox;

namespace CodeParrot.Evaluation.Tests.HumanEval.Sandbox;

/// <summary>Programs that mean harm, or want to pass without being right.</summary>
[SupportedOSPlatform("linux")]
public sealed class HostileProgramTests(Sandboxes sandboxes) : IClassFixture<Sandboxes>
{
    private const UnixFileMode AllRead = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const string Secret = "CODEPARROT_TEST_SECRET";

    public static TheoryData<Isolation> Isolations => [Isolation.Namespaces, Isolation.Filter];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Isolations))]
    public async Task A_fork_bomb_makes_no_process(Isolation isolation)
    {
        var verdict = await RunAsync(isolation, "import os\nwhile True:\n    os.fork()\n");

        Assert.Equal((SandboxOutcome.Failed, "PermissionError"), (verdict.Outcome, verdict.Error));
    }

    [Theory]
    [MemberData(nameof(Isolations))]
    public async Task Threads_and_programs_are_not_started(Isolation isolation)
    {
        var thread = await RunAsync(isolation, "import threading\nthreading.Thread(target=print).start()\n");
        var shell = await RunAsync(isolation, "import os\nos.execv('/bin/sh', ['sh', '-c', 'true'])\n");

        Assert.Equal((SandboxOutcome.Failed, "RuntimeError"), (thread.Outcome, thread.Error));
        Assert.Equal((SandboxOutcome.Failed, "PermissionError"), (shell.Outcome, shell.Error));
    }

    [Theory]
    [MemberData(nameof(HostilePrograms.Endless), MemberType = typeof(HostilePrograms))]
    public async Task What_never_ends_is_ended(string program)
    {
        var full = await RunAsync(Isolation.Namespaces, program);
        var filter = await RunAsync(Isolation.Filter, program);

        Assert.Equal(SandboxOutcome.TimedOut, full.Outcome);
        Assert.Equal(SandboxOutcome.TimedOut, filter.Outcome);
    }

    [Theory]
    [MemberData(nameof(Isolations))]
    public async Task A_memory_eater_is_stopped_by_its_limit(Isolation isolation)
    {
        // Address space alone, which takes no time to ask for.
        var verdict = await RunAsync(isolation, "def add(a, b):\n    return [bytearray(1 << 28) for _ in range(99)]\n");

        Assert.Equal((SandboxOutcome.Failed, "MemoryError"), (verdict.Outcome, verdict.Error));
    }

    [Theory]
    [MemberData(nameof(Isolations))]
    public async Task No_file_is_written_anywhere(Isolation isolation)
    {
        var name = $"codeparrot-filler-{isolation}-{Environment.ProcessId}";
        var verdict = await RunAsync(
            isolation,
            $$"""
            import os
            def add(a, b):
                for folder in ('/tmp', '/var/tmp', '/dev/shm', '/run', '.', '/proc/self/cwd'):
                    try:
                        with open(folder + '/{{name}}', 'wb') as file:
                            file.write(bytes(1 << 20))
                        return a + b
                    except OSError:
                        pass
                os.mkdir('/tmp/{{name}}')
                return a + b
            """
        );

        Assert.Equal((SandboxOutcome.Failed, "PermissionError"), (verdict.Outcome, verdict.Error));
        Assert.DoesNotContain(
            new[] { "/tmp", "/var/tmp", "/dev/shm", "/run", "/" },
            folder => Path.Exists(Path.Combine(folder, name))
        );
    }

    [Theory]
    [MemberData(nameof(Isolations))]
    public async Task No_connection_is_made(Isolation isolation)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var port = ((IPEndPoint)server.LocalEndpoint).Port;

        var verdict = await RunAsync(
            isolation,
            $"import socket\ndef add(a, b):\n    socket.create_connection(('127.0.0.1', {port}))\n    return a + b\n"
        );

        Assert.Equal((SandboxOutcome.Failed, "PermissionError"), (verdict.Outcome, verdict.Error));
        Assert.False(server.Pending());
    }

    [Theory]
    [MemberData(nameof(Isolations))]
    public async Task Neither_environment_nor_credentials_are_to_be_had(Isolation isolation)
    {
        Environment.SetEnvironmentVariable(Secret, "very secret");
        using var credentials = new TemporaryFile("very secret");
        File.SetUnixFileMode(credentials.Path, AllRead);
        File.SetUnixFileMode(
            Path.GetDirectoryName(credentials.Path)!,
            AllRead | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute
        );

        // Right only if it finds something.
        var verdict = await RunAsync(
            isolation,
            $$"""
            import os
            def add(a, b):
                found = '{{Secret}}' in os.environ
                parents = [os.getppid(), {{Environment.ProcessId}}, 'self', *range(1, 50)]
                for path in ['{{credentials.Path}}', *(f'/proc/{p}/environ' for p in parents)]:
                    try:
                        found = found or b'secret' in open(path, 'rb').read().lower()
                    except OSError:
                        pass
                return a + b if found else None
            """
        );

        Assert.Equal((SandboxOutcome.Failed, "AssertionError"), (verdict.Outcome, verdict.Error));
    }

    [Theory]
    [MemberData(nameof(Isolations))]
    public async Task No_other_process_is_killed(Isolation isolation)
    {
        using var victim = Process.Start("sleep", "600");

        // Right only if a signal was sent.
        var verdict = await RunAsync(
            isolation,
            $$"""
            import os, signal
            def add(a, b):
                sent = False
                for process in ({{victim.Id}}, os.getppid(), {{Environment.ProcessId}}, -1, 0):
                    for number in (0, signal.SIGTERM, signal.SIGKILL):
                        try:
                            os.kill(process, number)
                            sent = True
                        except OSError:
                            pass
                return a + b if sent else None
            """
        );
        var lived = !victim.HasExited;
        victim.Kill();

        Assert.Equal((SandboxOutcome.Failed, "AssertionError"), (verdict.Outcome, verdict.Error));
        Assert.True(lived);
    }

    [Theory]
    [MemberData(nameof(HostilePrograms.Forgeries), MemberType = typeof(HostilePrograms))]
    public async Task Nothing_but_right_answers_passes(string program)
    {
        var full = await RunAsync(Isolation.Namespaces, program);
        var filter = await RunAsync(Isolation.Filter, program);

        Assert.Equal(SandboxOutcome.Failed, full.Outcome);
        Assert.Equal(SandboxOutcome.Failed, filter.Outcome);
    }

    [Fact]
    public async Task The_tests_are_nowhere_in_the_program_s_memory()
    {
        const string Test = "def check(candidate):\n    assert candidate() == 'needle-4711-in-the-hay'\n";
        const string Scanner = """
            import ctypes, re
            wanted = re.compile(bytes(reversed(b'-eldeen')) + rb'[0-9][a-z0-9-]*')
            def f():
                fresh = [chr(97) * size for size in range(400) for _ in range(199)]
                for pool in {id(text) & ~0x3fff for text in fresh}:
                    found = wanted.search(ctypes.string_at(pool, 0x4000))
                    if found:
                        return found[0].decode()

            """;
        const string Needle = "needle = [''.join(['needle', '-4711', '-in-the-hay']) for _ in range(500)]\n";
        var program = new SandboxProgram(Scanner, "f", "def f(): pass", Test);

        // What finds it where it is does not find it where it is not, also after the same tests ran before.
        for (var run = 0; run < 3; run++)
        {
            var there = await sandboxes.Filter.RunAsync(program with { Source = Scanner + Needle }, Token);
            var nowhere = await sandboxes.Filter.RunAsync(program, Token);

            Assert.Equal(new SandboxVerdict(SandboxOutcome.Passed), there);
            Assert.Equal((SandboxOutcome.Failed, "AssertionError"), (nowhere.Outcome, nowhere.Error));
        }
    }

    [Theory]
    [MemberData(nameof(Isolations))]
    public async Task The_kernel_refuses_what_computing_does_not_take(Isolation isolation)
    {
        // fork, execve, kill, socket, open, ptrace, process_vm_readv, io_uring, bpf, unshare, mount, setns, prctl, …
        const string Program = """
            import ctypes
            libc = ctypes.CDLL(None, use_errno=True)
            def f():
                numbers = [2, 21, 29, 40, 41, 42, 53, 56, 57, 58, 59, 62, 68, 77, 83, 85, 87, 101, 105, 129, 155, 157,
                           160, 161, 165, 175, 200, 203, 240, 246, 248, 250, 257, 262, 272, 298, 302, 304, 308, 310,
                           311, 313, 319, 321, 322, 323, 332, 425, 426, 428, 434, 435, 437, 438, 439, 442, 447]
                taken = []
                for number in numbers:
                    ctypes.set_errno(0)
                    if libc.syscall(number, 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() != 1:
                        taken.append(number)
                for command in (4, 8, 10, 1024, 1033):
                    if libc.syscall(72, 0, command, 1) != -1 or ctypes.get_errno() != 1:
                        taken.append(('fcntl', command))
                if libc.syscall(234, 1 + libc.getpid(), 1, 9) != -1 or ctypes.get_errno() != 1:
                    taken.append('tgkill')
                return taken
            """;

        var verdict = await sandboxes
            .Of(isolation)
            .RunAsync(new(Program, "f", "def f(): pass", "def check(f):\n    r = f()\n    assert r == [], r\n"), Token);

        Assert.Equal(new SandboxVerdict(SandboxOutcome.Passed), verdict);
    }

    [Theory]
    [MemberData(nameof(Isolations))]
    public async Task The_32_bit_door_is_shut(Isolation isolation)
    {
        // getpid by x32's number: a call in another dress ends the program.
        const string Program =
            "import ctypes\ndef add(a, b):\n    ctypes.CDLL(None).syscall(0x40000000 + 39)\n    return a + b\n";

        var verdict = await RunAsync(isolation, Program);

        Assert.Equal((SandboxOutcome.Failed, "Crashed"), (verdict.Outcome, verdict.Error));
        Assert.Contains("SIGSYS", verdict.Message);
    }

    private Task<SandboxVerdict> RunAsync(Isolation isolation, string program) =>
        sandboxes.Of(isolation).RunAsync(Sandboxes.Adding(program), Token);
}
