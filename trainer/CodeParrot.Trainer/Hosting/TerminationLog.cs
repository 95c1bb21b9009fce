using System.Text;
using System.Text.Json;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Trainer.Hosting;

/// <summary>Writes a termination message, shortened to what Kubernetes takes.</summary>
internal static class TerminationLog
{
    /// <summary>Where Kubernetes reads it from unless a pod says otherwise.</summary>
    public const string DefaultPath = "/dev/termination-log";

    /// <summary>Writes a pod's message to the given file, or else to a container's own, where there is one.</summary>
    public static void Say(string? path, TerminationMessage message)
    {
        if (path is not null)
        {
            Write(path, message);
        }
        else if (File.Exists(DefaultPath))
        {
            WriteMounted(DefaultPath, message);
        }
    }

    /// <summary>Writes the message; oldest checkpoints and the end of long texts give way first.</summary>
    public static void Write(string path, TerminationMessage message) => RankFiles.Replace(path, Serialize(message));

    /// <summary>Writes into a file that a container runtime mounted: it cannot be replaced, only written.</summary>
    private static void WriteMounted(string path, TerminationMessage message) =>
        File.WriteAllText(path, Serialize(message));

    internal static string Serialize(TerminationMessage message)
    {
        while (true)
        {
            var json = JsonSerializer.Serialize(message, ContractJson.Compact);
            if (Encoding.UTF8.GetByteCount(json) <= TerminationMessage.MaxBytes)
            {
                return json;
            }

            message = Shorten(message);
        }
    }

    private static TerminationMessage Shorten(TerminationMessage message)
    {
        if (message.Checkpoints.Count > 0)
        {
            return message with { Checkpoints = [.. message.Checkpoints.Take(message.Checkpoints.Count - 1)] };
        }

        if (message.Stored is not null)
        {
            // A part of it would read as if the rest were deleted.
            return message with { Stored = null };
        }

        var longest = message.Outputs.OrderByDescending(o => o.Value.Length).FirstOrDefault();
        if (longest.Value is { Length: > 64 } value && value.Length > message.Message.Length)
        {
            var outputs = new Dictionary<string, string>(message.Outputs)
            {
                [longest.Key] = value[..(value.Length / 2)] + "…",
            };
            return message with { Outputs = outputs };
        }

        if (message.Message.Length <= 2)
        {
            // Nothing else is left to give way, and half of this, with its dots, is as long as before.
            return message.Outputs.Count > 0
                ? message with
                {
                    Outputs = new Dictionary<string, string>(),
                }
                : message with
                {
                    Checkpoint = "",
                    Class = "",
                };
        }

        return message with
        {
            Message = message.Message[..(message.Message.Length / 2)] + "…",
        };
    }
}
