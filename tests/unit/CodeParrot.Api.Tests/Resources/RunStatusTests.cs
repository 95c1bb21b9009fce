using CodeParrot.Api.Status;

namespace CodeParrot.Api.Tests.Resources;

public sealed class RunStatusTests
{
    [Fact]
    public void The_living_attempt_is_the_newest_that_has_not_ended()
    {
        var ended = new AttemptStatus { Number = 2, EndedAt = DateTimeOffset.UnixEpoch };
        var living = new AttemptStatus { Number = 2 };

        Assert.Equal(living, new RunStatus { Attempt = 2, Attempts = [living] }.LivingAttempt());
        Assert.Null(new RunStatus { Attempt = 2, Attempts = [ended] }.LivingAttempt());
        Assert.Null(new RunStatus { Attempt = 3, Attempts = [living] }.LivingAttempt());
        Assert.Null(new RunStatus().LivingAttempt());
    }

    [Theory]
    [InlineData(RunPhase.Succeeded, true)]
    [InlineData(RunPhase.Failed, true)]
    [InlineData(RunPhase.Suspended, false)]
    [InlineData(RunPhase.Restarting, false)]
    public void Two_phases_are_terminal(RunPhase phase, bool terminal)
    {
        Assert.Equal(terminal, new RunStatus { Phase = phase }.IsTerminal());
    }
}
