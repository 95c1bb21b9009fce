using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodeParrot.Evaluation.HumanEval.Sandbox;

/// <summary>
/// One supervisor process, which runs one program at a time. It gets no environment, and lives until its input ends.
/// </summary>
internal sealed class SandboxWorker : IDisposable
{
    // A supervisor ends every program by itself, at the latest after a hundred times the limit.
    private const int Patience = 120;
    private const int MaxAnswerBytes = 1 << 20;
    private const int MaxErrorCharacters = 8192;

    private static readonly TimeSpan Startup = TimeSpan.FromMinutes(2);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly SandboxOptions _options;
    private readonly TimeProvider _time;

    private SandboxWorker(Process process, SandboxOptions options, TimeProvider time)
    {
        _process = process;
        _options = options;
        _time = time;
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>What the supervisor wrote to its standard error.</summary>
    public string LastWords
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString().Trim();
            }
        }
    }

    /// <summary>What the worker is made of.</summary>
    public SandboxFacts Facts { get; private set; } = new("", Isolation.None, "");

    /// <summary>Starts a supervisor.</summary>
    /// <exception cref="SandboxUnavailableException">There is less isolation than asked for.</exception>
    public static async Task<SandboxWorker> StartAsync(
        string python,
        SandboxOptions options,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var settings = new
        {
            least = options.Isolation,
            wantNamespaces = options.UseNamespaces,
            seconds = options.Timeout.TotalSeconds,
            cpuSeconds = (int)Math.Ceiling(options.Timeout.TotalSeconds),
            memoryBytes = options.MemoryBytes,
        };
        string[] arguments = ["-s", "-S", "-B", "-c", SandboxSource.Text, JsonSerializer.Serialize(settings, Json)];
        var start = new ProcessStartInfo(python, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        // The order of a set of texts must not depend on which worker ran the program.
        start.Environment["PYTHONHASHSEED"] = "0";
        var worker = new SandboxWorker(Process.Start(start)!, options, time);
        try
        {
            await worker.GreetAsync(cancellationToken);
            return worker;
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    /// <summary>Runs a program; the worker is of no use any more if this throws.</summary>
    /// <exception cref="EndOfStreamException">The supervisor has ended.</exception>
    /// <exception cref="ProblemFaultException">The tests are at fault; the worker goes on.</exception>
    public async Task<SandboxVerdict> RunAsync(SandboxProgram program, CancellationToken cancellationToken)
    {
        var candidate = new { program = program.Source, entryPoint = program.EntryPoint };
        var tests = new { setup = program.Setup, test = program.Test };
        Answer answer;
        try
        {
            // Two messages: the process of the program is made before anyone reads the second.
            await WriteAsync(candidate, cancellationToken);
            await WriteAsync(tests, cancellationToken);
            answer = await ReadAsync<Answer>(_options.Timeout * Patience, cancellationToken);
        }
        catch (IOException e) when (e is not EndOfStreamException)
        {
            throw new EndOfStreamException(e.Message, e);
        }

        return answer.Outcome switch
        {
            "passed" => new SandboxVerdict(SandboxOutcome.Passed),
            "timedOut" => new SandboxVerdict(SandboxOutcome.TimedOut),
            "failed" => new SandboxVerdict(SandboxOutcome.Failed, Word(answer.Error), Line(answer.Message)),
            "problem" => throw new ProblemFaultException(answer.Message),
            _ => throw new UnreachableException($"outcome {answer.Outcome}"),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Hear(string? line)
    {
        lock (_errors)
        {
            // Nothing but a traceback is ever written there.
            if (line is not null && _errors.Length < MaxErrorCharacters)
            {
                _errors.Append(line).Append('\n');
            }
        }
    }

    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        Greeting greeting;
        try
        {
            greeting = await ReadAsync<Greeting>(Startup, cancellationToken);
        }
        catch (EndOfStreamException e)
        {
            await _process.WaitForExitAsync(cancellationToken);
            throw new SandboxUnavailableException($"the sandbox did not start: {LastWords}", e);
        }

        if (greeting.Refused.Length > 0)
        {
            throw new SandboxUnavailableException(
                $"generated programs cannot be isolated here as asked ({_options.Isolation}): {greeting.Refused}; run "
                    + "this on Linux on x86-64 whose kernel allows it, or ask for less (isolation: Filter, or None on "
                    + "a machine that holds nothing of worth)"
            );
        }

        Facts = new SandboxFacts(greeting.Python, greeting.Isolation, greeting.Missing);
    }

    private async Task WriteAsync<T>(T message, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message, Json);
        var frame = new byte[4 + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, bytes.Length);
        bytes.CopyTo(frame, 4);
        await _process.StandardInput.BaseStream.WriteAsync(frame, cancellationToken);
        await _process.StandardInput.BaseStream.FlushAsync(cancellationToken);
    }

    private async Task<T> ReadAsync<T>(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var output = _process.StandardOutput.BaseStream;
            var head = new byte[4];
            await output.ReadExactlyAsync(head, either.Token);
            var length = BinaryPrimitives.ReadInt32BigEndian(head);
            if (length is < 0 or > MaxAnswerBytes)
            {
                throw new EndOfStreamException($"the supervisor's answer has {length} bytes");
            }

            var bytes = new byte[length];
            await output.ReadExactlyAsync(bytes, either.Token);
            return JsonSerializer.Deserialize<T>(bytes, Json)!;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            var message = string.Create(
                CultureInfo.InvariantCulture,
                $"the supervisor is silent for {patience.TotalSeconds} s"
            );
            throw new EndOfStreamException(message, e);
        }
    }

    private static string Word(string text) =>
        text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.')
            ? text
            : "Exception";

    private static string Line(string text)
    {
        var shown = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return shown.Length <= 200 ? shown : shown[..199] + "…";
    }

    private sealed record Answer(string Outcome, string Error = "", string Message = "");

    private sealed record Greeting(string Python, Isolation Isolation, string Refused, string Missing);
}
