using System.Threading.Channels;

namespace CodeParrot.Evaluation.HumanEval.Sandbox;

/// <summary>
/// Runs programs that nobody has read. Each gets a process of its own, which holds no test and no channel of the
/// verdict; tests call it by plain values from another process, so that nothing it does or prints counts as a pass but
/// right answers. Thread-safe.
/// </summary>
public sealed class PythonSandbox : IDisposable
{
    private const int Tries = 2;

    private readonly string _python;
    private readonly SandboxOptions _options;
    private readonly TimeProvider _time;
    private readonly Channel<SandboxWorker?> _idle;
    private readonly CancellationTokenSource _end = new();

    private PythonSandbox(string python, SandboxOptions options, TimeProvider time, SandboxWorker first)
    {
        _python = python;
        _options = options;
        _time = time;
        _idle = Channel.CreateBounded<SandboxWorker?>(options.Workers);
        Facts = first.Facts;
        _idle.Writer.TryWrite(first);
        for (var i = 1; i < options.Workers; i++)
        {
            // Others start when they are needed.
            _idle.Writer.TryWrite(null);
        }
    }

    /// <summary>What programs are run by, and how far apart.</summary>
    public SandboxFacts Facts { get; }

    /// <summary>Starts a sandbox, or says why there can be none.</summary>
    /// <exception cref="SandboxUnavailableException">
    /// There is no Python, or less isolation than asked for; the message has the remedy.
    /// </exception>
    public static async Task<PythonSandbox> StartAsync(
        SandboxOptions options,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        var python = await PythonInterpreter.FindAsync(options.Python, cancellationToken);
        var first = await SandboxWorker.StartAsync(python, options, time, cancellationToken);
        return new PythonSandbox(python, options, time, first);
    }

    /// <summary>Runs a program against its tests, when a worker is free.</summary>
    /// <exception cref="ProblemFaultException">The tests themselves cannot be run.</exception>
    /// <exception cref="SandboxBrokenException">The sandbox failed twice, for a reason of the machine.</exception>
    public async Task<SandboxVerdict> RunAsync(SandboxProgram program, CancellationToken cancellationToken)
    {
        SandboxBrokenException? ended = null;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
        var worker = await _idle.Reader.ReadAsync(either.Token);
        try
        {
            for (var tryIndex = 0; tryIndex < Tries; tryIndex++)
            {
                worker ??= await SandboxWorker.StartAsync(_python, _options, _time, either.Token);
                try
                {
                    return await worker.RunAsync(program, either.Token);
                }
                catch (EndOfStreamException e)
                {
                    ended = new SandboxBrokenException($"the sandbox's supervisor ended: {worker.LastWords}", e);
                    worker.Dispose();
                    worker = null;
                }
            }

            // Without a filter, a program may end its supervisor. With one it is not to blame, and is not judged.
            return Facts.Isolation == Isolation.None
                ? new SandboxVerdict(SandboxOutcome.Failed, "Killed", "the program's supervisor ended with it, twice")
                : throw ended!;
        }
        catch (OperationCanceledException)
        {
            // In the middle of an answer it is of no use any more.
            worker?.Dispose();
            worker = null;
            throw;
        }
        finally
        {
            if (!_idle.Writer.TryWrite(worker))
            {
                worker?.Dispose();
            }
        }
    }

    /// <summary>Ends all programs; who waits for one hears that it was cancelled.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _idle.Writer.TryComplete();
        while (_idle.Reader.TryRead(out var worker))
        {
            worker?.Dispose();
        }
    }
}
