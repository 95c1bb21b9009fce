using System.Globalization;
using CodeParrot.Api.Status;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Cli.Reports;

/// <summary>Tells what happened to a run between two observations, one line an event.</summary>
internal sealed class RunNarrator
{
    // Outputs of stages worth a word when the stage is done, as people say them.
    private static readonly (string Output, string Text)[] Telling =
    [
        ("documents", "{0} documents"),
        ("badDocuments", "{0} bad"),
        ("trainTokens", "{0} tokens to train on"),
        ("validationTokens", "{0} held out"),
        ("trainLoss", "loss {0}"),
        ("loss", "held-out loss {0}"),
        ("perplexity", "perplexity {0}"),
        ("passAt1", "pass@1 {0}"),
        ("published", "{0}"),
    ];

    private RunStatus? _last;

    /// <summary>Lines for what is new.</summary>
    public IReadOnlyList<string> Next(Observed observed)
    {
        var now = observed.Status;
        var before = _last ?? now with { Checkpoints = now.Checkpoints, Attempt = 0, Stage = "" };
        _last = now;
        return
        [
            .. Failures(before, now),
            .. Rollbacks(before, now),
            .. Checkpoints(before, now),
            .. Done(before, now),
            .. Begun(before, now),
        ];
    }

    /// <summary>The current progress as one line, or null while there is none.</summary>
    public static string? ProgressLine(Observed observed)
    {
        if (observed.CurrentProgress() is not { } p)
        {
            return null;
        }

        var of = p.MaxSteps > 0 ? $"/{Figures.Whole(p.MaxSteps)}" : "";
        string?[] parts =
        [
            $"{p.Stage}: {p.Unit} {Figures.Whole(p.Step)}{of}",
            p.Loss is null ? null : $"loss {Figures.Number(p.Loss)}",
            p.EvalLoss is null ? null : $"held-out loss {Figures.Number(p.EvalLoss)}",
            p.TokensPerSecond is null ? null : $"{Figures.Whole(p.TokensPerSecond.Value)} tokens/s",
            p.Mfu is null ? null : string.Create(CultureInfo.InvariantCulture, $"MFU {p.Mfu:P0}"),
            p.EtaSeconds is >= 0 and < 1e9 ? $"ETA {Figures.Duration(TimeSpan.FromSeconds(p.EtaSeconds.Value))}" : null,
            p.Message.Length > 0 ? p.Message : null,
        ];
        return string.Join(", ", parts.Where(s => s is not null));
    }

    private static IEnumerable<string> Failures(RunStatus before, RunStatus now)
    {
        if (now.LastFailure is not { } failure || failure == before.LastFailure)
        {
            yield break;
        }

        var code = failure.ExitCode is { } c ? $" (exit code {c})" : "";
        yield return $"{failure.Pod} failed: {failure.Reason}{code}: {failure.Message}";
        if (now.Gang.Generation > before.Gang.Generation)
        {
            var lost = now.Gang.Replacing.Count(r => r.Generation == now.Gang.Generation);
            yield return $"restart {now.Restarts} replaces {(lost == 1 ? "its pod" : $"{lost} pods")} alone; "
                + "the others keep what they have and wait";
        }
        else if (now.NextAttemptAt is { } at && now.Attempts.Count > 0 && now.Attempts[^1].EndedAt is { } ended)
        {
            yield return $"restart {now.Restarts} follows in {Figures.Duration(at - ended)}";
        }
    }

    private static IEnumerable<string> Rollbacks(RunStatus before, RunStatus now)
    {
        if (now.Rollback is { } rollback && rollback != before.Rollback)
        {
            yield return $"rollback to step {rollback.Value.ToStep}: {rollback.Result}"
                + (now.StartFrom is { } from && rollback.Attempt > 0 ? $", goes on from {from.Checkpoint}" : "");
        }
    }

    private static IEnumerable<string> Checkpoints(RunStatus before, RunStatus now)
    {
        var known = before.Checkpoints.Select(CheckpointList.Key).ToHashSet();
        return now
            .Checkpoints.Where(c => !known.Contains(CheckpointList.Key(c)))
            .Reverse()
            .Select(c =>
                $"checkpoint {CheckpointList.Key(c)} ({Figures.Bytes(c.Bytes)}, loss {Figures.Number(c.Loss)}"
                + (c.EvalLoss is null ? ")" : $", held-out loss {Figures.Number(c.EvalLoss)})")
            );
    }

    private static IEnumerable<string> Done(RunStatus before, RunStatus now) =>
        now
            .Stages.Where(s => !before.Stages.ContainsKey(s.Key))
            .Select(s => s.Value.Skipped ? $"{s.Key}: skipped" : $"{s.Key}: done{Told(s.Value.Outputs)}");

    private static string Told(IReadOnlyDictionary<string, string> outputs)
    {
        var told = Telling
            .Where(t => outputs.GetValueOrDefault(t.Output) is { Length: > 0 } and not "0")
            .Select(t => string.Format(CultureInfo.InvariantCulture, t.Text, Grouped(outputs[t.Output])))
            .ToList();
        return told.Count == 0 ? "" : $" ({string.Join(", ", told)})";
    }

    private static string Grouped(string text) => long.TryParse(text, out var count) ? Figures.Whole(count) : text;

    private static IEnumerable<string> Begun(RunStatus before, RunStatus now)
    {
        if (now.LivingAttempt() is not null && (now.Attempt != before.Attempt || now.Stage != before.Stage))
        {
            yield return $"{now.Stage}: begins (attempt {now.Attempt})";
        }
    }
}
