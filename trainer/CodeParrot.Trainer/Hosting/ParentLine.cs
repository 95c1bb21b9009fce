using System.Text;
using System.Text.Json;

namespace CodeParrot.Trainer.Hosting;

/// <summary>
/// A rank's line to its pod's first process: its standard input. Each line is a request for a checkpoint, as a JSON
/// string; the end of input tells that the parent was killed, and that nobody would collect the rank, which would hold
/// ports and memory.
/// </summary>
internal sealed class ParentLine
{
    /// <summary>Set by <c>trainer launch</c>, which keeps our standard input open as long as it lives.</summary>
    public const string Variable = "CODEPARROT_PARENT_ON_STDIN";

    private volatile string _requestNonce = "";

    /// <summary>Gets the newest request for a checkpoint; empty for none.</summary>
    public string RequestNonce => _requestNonce;

    /// <summary>Writes a request as the rank reads it.</summary>
    public static string Format(string nonce) => JsonSerializer.Serialize(nonce);

    /// <summary>Listens on a thread of its own, if there is such a parent.</summary>
    /// <param name="variable">The environment.</param>
    /// <param name="onParentGone">Called at the end of input.</param>
    public void Listen(Func<string, string?> variable, Action onParentGone)
    {
        if (variable(Variable) != "1")
        {
            return;
        }

        var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        var thread = new Thread(() =>
        {
            Read(input);
            onParentGone();
        })
        {
            IsBackground = true,
            Name = "parent line",
        };
        thread.Start();
    }

    /// <summary>Reads to the end of input.</summary>
    internal void Read(TextReader input)
    {
        while (input.ReadLine() is { } line)
        {
            try
            {
                _requestNonce = JsonSerializer.Deserialize<string>(line) ?? "";
            }
            catch (JsonException)
            {
                // The last line of a parent that was killed may be cut.
            }
        }
    }
}
