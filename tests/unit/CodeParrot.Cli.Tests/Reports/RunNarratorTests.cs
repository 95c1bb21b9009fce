using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Cli.Reports;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Cli.Tests.Reports;

public sealed class RunNarratorTests
{
    [Fact]
    public void Says_which_pod_was_lost_and_that_the_others_wait()
    {
        var narrator = new RunNarrator();
        var trains = new RunStatus { Attempt = 1, Attempts = [new AttemptStatus { Number = 1 }] };
        narrator.Next(Seen(trains));

        var lines = narrator.Next(
            Seen(
                trains with
                {
                    Restarts = 1,
                    LastFailure = new FailureStatus(1, "", "OOMKilled", 137, "gone", "small-train-a1-1", default),
                    Gang = new GangStatus { Generation = 1, Replacing = [new ReplacementStatus(1, 1)] },
                }
            )
        );

        Assert.Equal(
            [
                "small-train-a1-1 failed: OOMKilled (exit code 137): gone",
                "restart 1 replaces its pod alone; the others keep what they have and wait",
            ],
            lines
        );
    }

    private static Observed Seen(RunStatus status) => new() { Run = new TrainingRun { Status = status } };
}
