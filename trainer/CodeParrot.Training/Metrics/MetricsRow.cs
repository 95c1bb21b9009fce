using System.Buffers;
using System.Text.Json;
using CodeParrot.Training.HeldOut;

namespace CodeParrot.Training.Metrics;

/// <summary>One line of <c>metrics.jsonl</c>, under the book's names.</summary>
internal sealed record MetricsRow
{
    public required long Steps { get; init; }
    public required long Samples { get; init; }
    public required long Tokens { get; init; }
    public required double LearningRate { get; init; }
    public required double Loss { get; init; }
    public required double GradientNorm { get; init; }
    public required double TokensPerSecond { get; init; }
    public required DateTimeOffset Time { get; init; }
    public double? EvalLoss { get; init; }

    /// <summary>Steps of the run that were not applied.</summary>
    public long SkippedSteps { get; init; }

    /// <summary>Factor on the loss; null where the precision needs none.</summary>
    public double? LossScale { get; init; }

    /// <summary>The values that are plotted against the step.</summary>
    public IEnumerable<(string Name, double Value)> Scalars()
    {
        yield return ("lr", LearningRate);
        // JSON has no numbers that are not finite; such a step is skipped, and counted below.
        if (double.IsFinite(Loss))
        {
            yield return ("loss/train", Loss);
        }
        if (double.IsFinite(GradientNorm))
        {
            yield return ("grad_norm", GradientNorm);
        }
        if (EvalLoss is { } evalLoss)
        {
            yield return ("loss/eval", evalLoss);
        }
        if (Perplexity.Of(EvalLoss) is { } perplexity)
        {
            yield return ("perplexity", perplexity);
        }
        yield return ("tokens", Tokens);
        yield return ("tokens_per_second", TokensPerSecond);
        yield return ("skipped_steps", SkippedSteps);
        if (LossScale is { } scale)
        {
            yield return ("loss_scale", scale);
        }
    }

    /// <summary>The line, with its line feed.</summary>
    public byte[] ToLine()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("steps", Steps);
            json.WriteNumber("samples", Samples);
            foreach (var (name, value) in Scalars())
            {
                json.WriteNumber(name, value);
            }
            json.WriteNumber("time", Time.ToUnixTimeMilliseconds() / 1000.0);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
