using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Cli.Reports;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using Spectre.Console;

namespace CodeParrot.Cli.Tests.Reports;

public sealed class LiveReporterTests
{
    [Fact]
    public void Shows_stage_step_loss_speed_and_every_rank()
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No }
        );
        console.Profile.Width = 120;

        console.Write(LiveReporter.Table(Training()));

        var text = output.ToString();
        foreach (
            var part in new[]
            {
                "train (Running)",
                "120/600",
                "3.215",
                "10,234",
                "2m05s",
                "rank 0",
                "rank 1",
                "Checkpointing",
                "[busy]",
            }
        )
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_line_says_the_same_on_a_pipe()
    {
        Assert.Equal(
            "train: steps 120/600, loss 3.215, 10,234 tokens/s, MFU 41 %, ETA 2m05s, saving [busy]",
            RunNarrator.ProgressLine(Training())
        );
    }

    private static Observed Training() =>
        new()
        {
            Run = new TrainingRun
            {
                Metadata = new ObjectMetadata { Name = "small", Uid = "u" },
                Status = new RunStatus
                {
                    Phase = RunPhase.Running,
                    Stage = "train",
                    Attempt = 1,
                    Attempts = [new AttemptStatus { Number = 1 }],
                },
            },
            Progress = new RunProgress
            {
                RunUid = "u",
                Attempt = 1,
                Stage = "train",
                Step = 120,
                MaxSteps = 600,
                Loss = 3.21456,
                TokensPerSecond = 10234,
                Mfu = 0.41,
                EtaSeconds = 125,
                Message = "saving [busy]",
                Ranks =
                [
                    new RankProgress(0, "Checkpointing", 120, 0.5, default),
                    new RankProgress(1, "Training", 120, 0.5, default),
                ],
            },
        };
}
