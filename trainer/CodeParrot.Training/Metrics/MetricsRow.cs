using System.Buffers;
using System.Text.Json;

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

    /// <summary>e to the power of <see cref="EvalLoss"/>; infinite above some 709 nats.</summary>
    public double? Perplexity => EvalLoss is { } loss ? Math.Exp(loss) : null;

    /// <summary>The values that are plotted against the step.</summary>
    public IEnumerable<(string Name, double Value)> Scalars()
    {
        yield return ("lr", LearningRate);
        yield return ("loss/train", Loss);
        yield return ("grad_norm", GradientNorm);
        if (EvalLoss is { } evalLoss)
        {
            yield return ("loss/eval", evalLoss);
        }
        if (Perplexity is { } perplexity && double.IsFinite(perplexity))
        {
            yield return ("perplexity", perplexity);
        }
        yield return ("tokens", Tokens);
        yield return ("tokens_per_second", TokensPerSecond);
    }

    /// <summary>The line, with its line feed. JSON has no infinity, so an infinite perplexity is left out.</summary>
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
